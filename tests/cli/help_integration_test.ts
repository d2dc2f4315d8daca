import { assertEquals, assertMatch } from "@std/assert";
import { COMMANDS } from "../../src/cli/commands.ts";
import { call } from "./program.ts";

const NO_PERMISSIONS = { permissions: [] };

Deno.test("jsockd help prints the help texts when it has no permissions", async () => {
  const list = await call(["help"], NO_PERMISSIONS);
  assertEquals([list.code, list.stderr], [0, ""]);
  assertMatch(list.stdout, /^Runs JavaScript on JSockD/);
  assertEquals(await call(["--help"], NO_PERMISSIONS), list);
  assertEquals(await call(["-h"], NO_PERMISSIONS), list);
  assertEquals(await call(["help", "help"], NO_PERMISSIONS), list);

  for (const name of Object.keys(COMMANDS)) {
    const help = await call(["help", name], NO_PERMISSIONS);
    assertEquals([help.code, help.stderr], [0, ""]);
    assertMatch(help.stdout, new RegExp(`^Usage: jsockd ${name} `, "m"));
    assertEquals(await call([name, "--help"], NO_PERMISSIONS), help);
    for (const line of help.stdout.split("\n")) assertEquals(line.slice(80), "");
  }
});

Deno.test("jsockd --version prints the versions of the package and of JSockD", async () => {
  const { code, stdout, stderr } = await call(["--version"], NO_PERMISSIONS);
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /^@x\/jsockd \d+\.\d+\.\d+ for JSockD \d+\.\d+\.\d+\n$/);
});

Deno.test("jsockd exits with 2 when the command is missing or unknown", async () => {
  const cases: [string[], RegExp][] = [
    [[], /^Runs JavaScript on JSockD/],
    [["rnu"], /^error: Cannot run 'rnu': there is no such command; did you mean 'run'\?\n$/],
    [["help", "bnech"], /^error: Cannot run 'bnech': .*; did you mean 'bench'\?\n$/],
    [["help", "run", "bench"], /^error: Cannot explain 2 commands at once/],
    [["--verbose"], /^error: Cannot run '--verbose': .*; did you mean '--version'\?\n$/],
    [["toString"], /^error: Cannot run 'toString'/],
  ];
  for (const [args, expected] of cases) {
    const { code, stdout, stderr } = await call(args, NO_PERMISSIONS);
    assertEquals([code, stdout], [2, ""]);
    assertMatch(stderr, expected);
  }
});
