import "test262-parser-tests/package.json" with { type: "json" };
import { type Program, programsOf } from "./program.ts";

const PACKAGE = new URL(".", import.meta.resolve("npm:test262-parser-tests@^0.0.5/package.json"));

/** What parses, what does not, and what parses but is wrong all the same. */
const FOLDERS = ["pass", "pass-explicit", "fail", "early"];

/** Makes a function and does not call it. What does not parse is an error with a message and a place. */
const QUERY = "(_, text) => String(new Function(text))";

/** Returns the scripts by which parsers of JavaScript are tested, each as the body of a function. */
export function parserTests(): readonly Program[] {
  return FOLDERS.flatMap((folder) => {
    const url = new URL(`${folder}/`, PACKAGE);
    const names = Array.from(Deno.readDirSync(url), ({ name }) => name).toSorted();
    const programs = names.filter((name) => !name.includes(".module.")).map((name) => ({
      query: QUERY,
      param: JSON.stringify(Deno.readTextFileSync(new URL(name, url))),
    }));
    return programsOf(`parsed, ${folder}`, programs);
  });
}
