import { assertEquals, assertMatch } from "@std/assert";
import { JSOCKD_VERSION } from "../../mod.ts";
import { servers } from "../conformance/servers.ts";

const ROOT = new URL("../../", import.meta.url);

/** What each example prints, from the first line to the last. */
const OUTPUTS: Readonly<Record<string, RegExp>> = {
  "task quickstart":
    /^Starting .*\nHello World\n.*The basket costs 10\..*interrupted\n.*server\.\n$/s,
  "run -A examples/hello.ts": /^Hello World\n$/,
  "run -A examples/messages.ts":
    /^Asked for \{ book: 7 \}\nAsked for \{ author: 1 \}\n<h1>Persuasion<\/h1><p>by Jane Austen<\/p>\n$/,
  "run -A examples/limits.ts":
    /^The command that never ends: InternalError: interrupted\nCommands .*: [1-9]\d*\n$/,
};

Deno.test("examples/README.md says how to run each example", async () => {
  const readme = await Deno.readTextFile(new URL("examples/README.md", ROOT));
  const commands = Array.from(readme.matchAll(/`deno (.+?)`/g), ([, command]) => command!);
  assertEquals(
    commands.filter((command) => /^task quickstart|^run/.test(command)),
    Object.keys(OUTPUTS),
  );
});

for (const [command, output] of Object.entries(OUTPUTS)) {
  Deno.test(`'deno ${command}' does what it says`, async () => {
    assertMatch(await run(command.split(" ")), output);
  });
}

for (const { name, command: [executable], version } of servers) {
  if (version !== JSOCKD_VERSION || name === "embedded") continue;
  for (const [command, output] of Object.entries(OUTPUTS)) {
    if (command === "task quickstart") continue;
    Deno.test(`${name}: 'deno ${command}' does what it says`, async () => {
      assertMatch(await run([...command.split(" "), executable]), output);
    });
  }
}

async function run(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  assertEquals(code, 0, decoder.decode(stderr));
  return decoder.decode(stdout);
}
