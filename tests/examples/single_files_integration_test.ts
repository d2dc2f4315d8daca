import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { JSOCKD_VERSION } from "../../mod.ts";
import { servers } from "../conformance/servers.ts";
import { ROOT } from "../support/checkout.ts";
import { runDeno, stdoutOf } from "../support/run_to_end.ts";

/** The outputs of the examples. */
const OUTPUTS: Readonly<Record<string, RegExp>> = {
  "task quickstart":
    /^Starting .*\nHello World\n.*The basket costs 10\..*interrupted\n.*server\.\n$/s,
  "run -A examples/hello.ts": /^Hello World\n$/,
  "run -A examples/messages.ts":
    /^Requested \{ book: 7 \}\nRequested \{ author: 1 \}\n<h1>Persuasion<\/h1><p>by Jane Austen<\/p>\n$/,
  "run -A examples/limits.ts":
    /^The command that never ends: InternalError: interrupted\nCommands .*: [1-9]\d*\n$/,
};

Deno.test("examples/README.md lists the command of each example", async () => {
  const readme = await Deno.readTextFile(join(ROOT, "examples/README.md"));
  const commands = Array.from(readme.matchAll(/`deno (.+?)`/g), ([, command]) => command!);
  assertEquals(
    commands.filter((command) => /^task quickstart|^run/.test(command)),
    Object.keys(OUTPUTS),
  );
});

for (const [command, output] of Object.entries(OUTPUTS)) {
  Deno.test(`'deno ${command}' prints its results when it runs on the embedded server`, async () => {
    assertMatch(await run(command.split(" ")), output);
  });
}

for (const { name, command: [executable, ...leading], version } of servers) {
  // The path of a jsockd is a whole command, which an embedded server's executable is not.
  if (version !== JSOCKD_VERSION || leading.length > 0) continue;
  for (const [command, output] of Object.entries(OUTPUTS)) {
    if (command === "task quickstart") continue;
    Deno.test(`${name}: 'deno ${command}' prints its results when given the path of a jsockd`, async () => {
      assertMatch(await run([...command.split(" "), executable]), output);
    });
  }
}

function run(args: readonly string[]): Promise<string> {
  return stdoutOf(runDeno(args, { cwd: ROOT }));
}
