import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { ReleaseServer } from "../release/release_server.ts";
import { readJson, ROOT } from "../support/checkout.ts";
import { runDeno, stdoutOf } from "../support/run_to_end.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { type Block, codeBlocks } from "./blocks.ts";

const README = await Deno.readTextFile(join(ROOT, "README.md"));
const { tasks, links = [] } = await readJson("deno.json");

/** Has Deno take the package for the checkout, wherever a program is. */
const AS_CHECKOUT = `--config=${join(ROOT, "deno.json")}`;

/** What the README's programs print; the rest of them print nothing that can be known. */
const OUTPUTS: Readonly<Record<string, string>> = {
  initJSockDClientViaAutoDownload: "Hello World\n",
  "a * b": "42\n",
  serverVersion: `${(await import("../../mod.ts")).JSOCKD_VERSION}\n`,
  "titles.get": "<h1>Seven</h1>\n",
};

/** Commands that take a task of the checkout's, which is what runs this test, or runs for long. */
const TASKS = /^(?:npx --yes deno@\S+|deno) task (?<task>\S+)$/;

/** What commands of the command line print. */
const COMMANDS: Readonly<Record<string, RegExp>> = {
  "run --embedded": /^42\n$/,
  "doctor --embedded": /^ok/m,
  help: /bench/,
  "bench --embedded": /commands\/s/,
};

const { programs, project, commands } = sort(codeBlocks(README));

for (const { code, line } of programs) {
  Deno.test(`the README's program in line ${line} runs`, async () => {
    await using folder = await TempFolder.make();
    await using releases = await ReleaseServer.start();
    const program = join(folder.path, "program.ts");
    const standIn = `"${new URL("stand_in.ts", import.meta.url)}"`;
    await Deno.writeTextFile(program, code.replaceAll('"jsr:@x/jsockd"', standIn));
    const options = { ...releases.options, cacheDir: join(folder.path, "cache") };
    const args = ["run", "-A", "--cached-only", "--check", AS_CHECKOUT, program];
    const env = { RELEASES: JSON.stringify(options) };
    const stdout = await stdoutOf(runDeno(args, { env }));
    const expected = Object.entries(OUTPUTS).find(([part]) => code.includes(part))?.[1];
    if (expected !== undefined) assertEquals(stdout, expected);
    const shown = code.match(/^\/\/ --.*$/gm)?.join(" ").replaceAll("// ", "");
    if (shown !== undefined) {
      assertEquals(shown.split(" "), stdout.match(/--[^"]+/g), "what the README says it prints");
    }
  });
}

for (const command of commands) {
  const task = TASKS.exec(command)?.groups?.["task"];
  if (task !== undefined) {
    Deno.test(`the README's '${command}' is a task`, () => {
      assert(task in tasks, `expected one of ${Object.keys(tasks)}`);
    });
  } else if (!command.endsWith(" main.ts")) {
    Deno.test(`the README's '${command}' runs`, async () => {
      const [deno, run, ...args] = splitWords(command);
      assertEquals([deno, run], ["deno", "run"]);
      const stdout = await stdoutOf(runDeno(["run", "--cached-only", AS_CHECKOUT, ...args]));
      const [name] = Object.keys(COMMANDS).filter((name) => command.includes(`/cli ${name}`));
      assert(name !== undefined, "expected to know what it prints");
      assert(COMMANDS[name]!.test(stdout), stdout);
    });
  }
}

Deno.test("the README's project renders React", async () => {
  await using folder = await TempFolder.make();
  for (const { file, code } of project) {
    // The package is not to be had from a registry here: the checkout is.
    const text = file === "deno.json" ? asCheckout(code) : code;
    await Deno.writeTextFile(join(folder.path, file), text);
  }
  assert(commands.includes("deno run -A main.ts"));
  const args = ["run", "-A", "--cached-only", "--check", "main.ts"];
  const stdout = await stdoutOf(runDeno(args, { cwd: folder.path }));
  assertStringIncludes(stdout, "42");
  assertStringIncludes(stdout, "<button");
});

function sort(blocks: readonly Block[]) {
  return {
    programs: blocks.filter(({ language, file }) => language === "ts" && file === ""),
    project: blocks.filter(({ file }) => file !== ""),
    commands: blocks.filter(({ language }) => language === "sh").flatMap(({ code }) =>
      code.trimEnd().split("\n")
    ),
  };
}

/** The configuration, with all that the checkout's says of packages. */
function asCheckout(code: string): string {
  const config = JSON.parse(code);
  const folders = ["", ...links].map((link) => join(ROOT, link));
  return JSON.stringify({ ...config, links: folders });
}

/** The words of a command line, those in quotation marks whole. */
function splitWords(command: string): string[] {
  return Array.from(command.matchAll(/'([^']*)'|(\S+)/g), ([, quoted, word]) => quoted ?? word!);
}
