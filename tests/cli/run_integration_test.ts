import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { JSOCKD_VERSION } from "../../mod.ts";
import { embeddedServer } from "../../src/embedded/mod.ts";
import { ReleaseServer } from "../release/release_server.ts";
import { runToEnd } from "../support/run_to_end.ts";
import type { Command } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { call, callUnread } from "./program.ts";

Deno.test("jsockd run prints only the result, as JSON, when the function returns", async () => {
  assertEquals(await call(["run", "--embedded", "(_, p) => [p.a, 'ü']", '{ "a": 1.50 }']), {
    code: 0,
    stdout: '[1.5,"ü"]\n',
    stderr: "",
  });
});

Deno.test("jsockd run passes null when no parameter is given", async () => {
  assertEquals((await call(["run", "--embedded", "(_, p) => ({ p })"])).stdout, '{"p":null}\n');
});

Deno.test("jsockd run reads the parameter from stdin when it is -", async () => {
  const text = "x".repeat(500_000);
  const { stdout } = await call(["run", "--embedded", "(_, p) => p", "-"], {
    stdin: JSON.stringify(text),
  });
  assertEquals(stdout, `${JSON.stringify(text)}\n`);
});

Deno.test("jsockd run prints on stderr when the function calls console.log()", async () => {
  const { code, stdout, stderr } = await call([
    "run",
    "--embedded",
    "() => { console.log('hello'); return 1; }",
  ]);
  assertEquals([code, stdout], [0, "1\n"]);
  assertMatch(stderr, /^\[jsockd\] \S+ INFO <console.log>: hello\n$/);
});

Deno.test("jsockd run prints the JavaScript's stack and exits with 1 when the function throws", async () => {
  const { code, stdout, stderr } = await call([
    "run",
    "--embedded",
    "() => { function inner() { throw new Error('boom'); } inner(); }",
  ]);
  assertEquals([code, stdout], [1, ""]);
  assertMatch(
    stderr,
    /^JSockDJSException: Error: boom\n {4}at inner \(<buffer>:1:\d+\)\n {4}at <anonymous> \(<buffer>:1:\d+\)\n$/,
  );
});

Deno.test("jsockd run exits with 1 when the function runs longer than --timeout", async () => {
  const { code, stdout, stderr } = await call([
    "run",
    "--embedded",
    "--timeout=50",
    "() => { for (;;); }",
  ]);
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /interrupted/);
});

Deno.test("jsockd run prints the result when the function runs almost as long as --timeout", async () => {
  const busy = "() => { const end = Date.now() + 400; while (Date.now() < end); return 'done'; }";
  const { stdout } = await call(["run", "--embedded", "--timeout=20000", busy]);
  assertEquals(stdout, '"done"\n');
});

Deno.test("jsockd run says that the path in --module is missing when it is", async () => {
  await using folder = await TempFolder.make();
  const path = join(folder.path, "missing");
  assertEquals(await call(["run", "--embedded", "--module", path, "() => 1"]), {
    code: 1,
    stdout: "",
    stderr: `error: Cannot use --module '${path}': there is no such file or folder (CONFIG)\n`,
  });
});

Deno.test("jsockd run passes the exports of the module when --module is given", async () => {
  await using folder = await TempFolder.make();
  const file = (name: string) => join(folder.path, name);
  const server = embeddedServer() as Command;
  await Deno.writeTextFile(file("m.mjs"), "export const double = (n) => 2 * n;");
  await runToEnd(server, ["-k", file("key")]);
  await runToEnd(server, ["-c", file("m.mjs"), file("m.jsm"), "-pk", file("key.privkey")]);
  const module = ["--module", file("m.jsm")];
  const key = ["--public-key", await Deno.readTextFile(file("key.pubkey"))];
  const query = ["(m, n) => m.double(n)", "21"];

  assertEquals(await call(["run", "--embedded", ...module, ...key, ...query]), {
    code: 0,
    stdout: "42\n",
    stderr: "",
  });

  const wrongKey = ["--public-key", "0".repeat(64)];
  const { code, stderr } = await call(["run", "--embedded", ...module, ...wrongKey, ...query]);
  assertEquals(code, 1);
  assertMatch(stderr, /^error: Cannot start the server: .* \(SPAWN\)$/m);
});

Deno.test("jsockd run downloads a server only once when none is named", async () => {
  await using folder = await TempFolder.make();
  await using releases = await ReleaseServer.start();
  const { baseUrl, publicKey } = releases.options;
  const args = [
    ...["run", "--base-url", baseUrl, "--release-key", publicKey, "--cache-dir", folder.path],
    ...["(_, n) => n + 1", "41"],
  ];
  const first = await call(args);
  assertEquals([first.code, first.stdout], [0, "42\n"]);
  assertMatch(first.stderr, /^Downloading .*: 100 %$/m);
  await releases[Symbol.asyncDispose]();
  assertEquals(await call(args), { code: 0, stdout: "42\n", stderr: "" });
});

Deno.test("jsockd run exits with 0 and no message when its stdout is closed", async () => {
  const args = ["run", "--embedded", "--timeout=20000", "() => 'x'.repeat(5e6)"];
  assertEquals(await callUnread(args), { code: 0, stderr: "" });
});

Deno.test("jsockd run exits with 1 when the executable does not exist", async () => {
  assertEquals(await call(["run", "--exec", "/nowhere/jsockd", "() => 1"]), {
    code: 1,
    stdout: "",
    stderr: "error: Cannot start '/nowhere/jsockd': there is no such executable (SPAWN)\n",
  });
});

Deno.test("jsockd run prints the flags to add when permissions are missing", async () => {
  await using folder = await TempFolder.make();
  const args = ["run", "--exec", "/nowhere/jsockd", "() => 1"];
  const env = { TMPDIR: folder.path };
  const { code, stderr } = await call(args, { permissions: [], env });
  assertEquals(code, 1);
  const flags = /add to 'deno run': (.*) \(PERMISSION\)\n$/.exec(stderr)![1]!.split(" ");
  assertEquals(flags, [
    "--allow-run=/nowhere/jsockd",
    "--allow-read=/tmp",
    "--allow-write=/tmp",
    "--allow-net",
  ]);
  const allowed = await call(args, { permissions: flags, env });
  assertMatch(allowed.stderr, /no such executable/);
});

Deno.test("jsockd run exits with 2 and starts nothing when the arguments are wrong", async () => {
  const cases: [string[], RegExp][] = [
    [[], /^error: Cannot run this command without FUNCTION\n/],
    [["() => 1", "{"], /^error: Cannot read the parameter as JSON: .*position 1/],
    [["() => 1", "1", "2"], /^error: Cannot use '2': expected FUNCTION \[JSON\]\n/],
    [["() => 1", "--embeded"], /^error: Cannot use --embeded: .*; did you mean '--embedded'\?\n/],
    [["() => 1", "--timeout", "soon"], /^error: Cannot use 'soon' as --timeout: expected a whole/],
    [["() => 1", "--embedded", "--exec", "x"], /^error: Cannot use --embedded and --exec together/],
  ];
  for (const [args, expected] of cases) {
    // Without permissions, the program could not start a server.
    const { code, stdout, stderr } = await call(["run", ...args], { permissions: [] });
    assertEquals([code, stdout], [2, ""]);
    assertMatch(stderr, expected);
  }
  const { code } = await call(["run", "() => 1", "-"], { stdin: "{", permissions: [] });
  assertEquals(code, 2);
});

Deno.test("jsockd run says what is wrong in the words of its options", async () => {
  const cases: [string[], string][] = [
    [
      ["() => JSockD.sendMessage(1)"],
      "Cannot answer a message: the command was run on the command line, which answers no " +
      "messages (MESSAGE_HANDLER)",
    ],
    [
      ["--version", "9.9.9", "() => 1"],
      `Cannot use the server: it is of version ${JSOCKD_VERSION}, expected 9.9.9; set --version ` +
      "to the server's version (VERSION_MISMATCH)",
    ],
    [
      ["--public-key", "xyz", "() => 1"],
      'Cannot use "xyz" as --public-key: expected 64 hexadecimal digits (CONFIG)',
    ],
  ];
  for (const [args, message] of cases) {
    const { code, stderr } = await call(["run", "--embedded", ...args]);
    assertEquals([code, stderr], [1, `error: ${message}\n`]);
  }
});
