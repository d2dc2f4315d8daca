import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { BuiltFolder, WorkerProcess } from "../nats/worker_process.ts";
import { ReleaseServer } from "../release/release_server.ts";
import { readJson, ROOT } from "../support/checkout.ts";
import { NatsServer, natsTest } from "../support/nats_server.ts";
import { runDeno, stdoutOf } from "../support/run_to_end.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { type Block, codeBlocks } from "./blocks.ts";

const README = await Deno.readTextFile(join(ROOT, "README.md"));
const { tasks, links = [] } = await readJson("deno.json");

/** Makes Deno resolve the package to the checkout, in whatever folder a program is. */
const AS_CHECKOUT = `--config=${join(ROOT, "deno.json")}`;

/** Expected outputs of programs, by a part of their text. */
const OUTPUTS: Readonly<Record<string, RegExp>> = {
  renderToStream: /^<h1>Hello World<\/h1><p>The weather: weather of today<\/p>\n$/,
  "Hello ${name}": /^Hello World\n$/,
  connectNatsJSockD: /^42\n$/,
  "client.runAll": /^42\n\[ 1, 4, 9 \]\n$/,
  "titles.get": /^<h1>Seven<\/h1>\n$/,
  maxMemoryMb: /^JSockDJSException: InternalError: interrupted\n$/,
  "downloaded.serverVersion": /^0\.0\.139 0\.0\.139\n$/,
  sandboxedServer: /^\[ "a", "b" \]\n$/,
  permissionFlags: /^\[\n {2}"--allow-run=/,
  "client.stats()": /^(?=[^]*"<console\.log>: Hello log")[^]*\n {2}completed: 1,\n/,
};

/**
 * Commands that run a task of the checkout. They are not run here: they take long or run the tests.
 */
const TASKS = /^(?:npx --yes deno@\S+|deno) task (?<task>\S+)$/;

/** Expected outputs of the command line, by command. */
const COMMANDS: Readonly<Record<string, RegExp>> = {
  "run --embedded": /^42\n$/,
  "doctor --embedded": /^ok/m,
  help: /bench/,
  "bench --embedded": /commands\/s/,
};

/** The examples' pages, whose links are checked as well. */
const EXAMPLES = ["", "react_ssr/", "fresh/", "deploy/", "farm/"].map((folder) =>
  `examples/${folder}README.md`
);

/** The address of the NATS server in the README. */
const NATS_URL = "nats://127.0.0.1:4222";

/** The section whose files are those of an example, which its own tests run. */
const FRESH = /^## Render an island of Fresh.*?(?=^## )/ms;

const { programs, project, commands } = classify(codeBlocks(README.replace(FRESH, blankLines)));

for (const { code, line } of programs) {
  const register = code.includes(NATS_URL) ? natsTest : Deno.test;
  register(
    `the README's program in line ${line} prints the expected output when it runs`,
    async () => {
      await using nats = code.includes(NATS_URL) ? await NatsServer.start() : undefined;
      await using folder = await TempFolder.make();
      await using releases = await ReleaseServer.start();
      const program = join(folder.path, "program.ts");
      const standIn = `"${new URL("stand_in.ts", import.meta.url)}"`;
      await Deno.writeTextFile(
        program,
        code.replaceAll('"jsr:@x/jsockd"', standIn).replaceAll(NATS_URL, nats?.url ?? NATS_URL),
      );
      const options = { ...releases.options, cacheDir: join(folder.path, "cache") };
      const args = ["run", "-A", "--cached-only", "--check", AS_CHECKOUT, program];
      const env = { RELEASES: JSON.stringify(options) };
      const stdout = await stdoutOf(runDeno(args, { env }));
      const [part] = Object.keys(OUTPUTS).filter((part) => code.includes(part));
      assert(part !== undefined, "Expected a part of the program to be in OUTPUTS");
      assertMatch(stdout, OUTPUTS[part]!);
      const shown = code.match(/^\/\/ --.*$/gm)?.join(" ").replaceAll("// ", "");
      if (shown !== undefined) {
        assertEquals(
          shown.split(" "),
          stdout.match(/--[^"]+/g),
          "Expected the output that the README shows",
        );
      }
    },
  );
}

for (const command of commands) {
  const task = TASKS.exec(command)?.groups?.["task"];
  if (task !== undefined) {
    Deno.test(`the README's '${command}' names an existing task`, () => {
      assert(task in tasks, `Expected one of ${Object.keys(tasks)}`);
    });
  } else if (command.includes("/cli worker ")) {
    natsTest(`the README's '${command}' starts a worker`, async () => {
      await using nats = await NatsServer.start();
      await using module = await BuiltFolder.build();
      const [deno, run, ...args] = splitWords(command.replace(NATS_URL, nats.url));
      assertEquals([deno, run], ["deno", "run"]);
      await using worker = await WorkerProcess.startBy(
        [Deno.execPath(), "run", "--cached-only", AS_CHECKOUT, ...args],
        { cwd: dirname(module.path) },
      );
      assertMatch(worker.line, /^Worker \w+ takes commands on pages$/);
    });
  } else if (!command.endsWith(" main.ts")) {
    Deno.test(`the README's '${command}' prints the expected output when it runs`, async () => {
      const [deno, run, ...args] = splitWords(command);
      assertEquals([deno, run], ["deno", "run"]);
      const stdout = await stdoutOf(runDeno(["run", "--cached-only", AS_CHECKOUT, ...args]));
      const [name] = Object.keys(COMMANDS).filter((name) => command.includes(`/cli ${name}`));
      assert(name !== undefined, "Expected the command to be in COMMANDS");
      assert(COMMANDS[name]!.test(stdout), stdout);
    });
  }
}

for (const page of ["README.md", ...EXAMPLES]) {
  Deno.test(`the links in ${page} lead to files and headings that exist`, async () => {
    const text = await Deno.readTextFile(join(ROOT, page));
    for (const [, path, heading] of text.matchAll(/\]\((?!https?:)([^)#]*)#?([^)]*)\)/g)) {
      const target = path === "" ? join(ROOT, page) : join(ROOT, dirname(page), path!);
      await Deno.stat(target);
      if (heading === "") continue;
      assert(anchors(await Deno.readTextFile(target)).includes(heading!), `${target}#${heading}`);
    }
  });
}

Deno.test("the README's project prints a React page when it runs", async () => {
  await using folder = await TempFolder.make();
  for (const { file, code } of project) {
    // Tests must not need a registry, so the project uses the checkout.
    const text = file === "deno.json" ? linkToCheckout(code) : code;
    await Deno.writeTextFile(join(folder.path, file), text);
  }
  assert(commands.includes("deno run -A main.ts"));
  const args = ["run", "-A", "--cached-only", "--check", "main.ts"];
  const stdout = await stdoutOf(runDeno(args, { cwd: folder.path }));
  assertStringIncludes(stdout, "42");
  assertStringIncludes(stdout, "<button");
});

/** Returns the anchors of the headings of a Markdown text. */
function anchors(markdown: string): string[] {
  return Array.from(
    markdown.matchAll(/^#+ (.+)$/gm),
    ([, heading]) => heading!.toLowerCase().replaceAll(/[^\w -]/g, "").replaceAll(" ", "-"),
  );
}

/** Keeps the numbers of the lines after a text that is taken out. */
function blankLines(text: string): string {
  return "\n".repeat(text.split("\n").length - 1);
}

function classify(blocks: readonly Block[]) {
  return {
    programs: blocks.filter(({ language, file }) => language === "ts" && file === ""),
    project: blocks.filter(({ file }) => file !== ""),
    commands: blocks.filter(({ language }) => language === "sh").flatMap(({ code }) =>
      code.trimEnd().split("\n")
    ),
  };
}

/** Returns a `deno.json` in which the package and its dependencies are links to the checkout. */
function linkToCheckout(code: string): string {
  const config = JSON.parse(code);
  const folders = ["", ...links].map((link) => join(ROOT, link));
  return JSON.stringify({ ...config, links: folders });
}

/** Splits a command line into words. A word may be in single quotation marks. */
function splitWords(command: string): string[] {
  return Array.from(command.matchAll(/'([^']*)'|(\S+)/g), ([, quoted, word]) => quoted ?? word!);
}
