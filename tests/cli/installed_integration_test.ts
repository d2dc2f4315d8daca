import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { TempFolder } from "../support/temp_folder.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

Deno.test("the command line can be installed as a program", async () => {
  await using folder = await TempFolder.make();
  const { imports, links = [] } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const config = join(folder.path, "deno.json");
  // The program gets a copy of the configuration, from where relative paths lead nowhere.
  const absoluteLinks = links.map((link: string) => join(ROOT, link));
  await Deno.writeTextFile(config, JSON.stringify({ imports, links: absoluteLinks }));

  const main = join(ROOT, "src/cli/main.ts");
  const options = ["--global", "--root", folder.path, "--name", "jsockd", "--config", config];
  await output(Deno.execPath(), ["install", ...options, "--allow-all", main]);
  const args = ["run", "--embedded", "(_, n) => n + 1", "41"];
  assertEquals(await output(join(folder.path, "bin/jsockd"), args), "42\n");
});

async function output(program: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args }).output();
  const decoder = new TextDecoder();
  assert(success, decoder.decode(stderr));
  return decoder.decode(stdout);
}
