import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { embeddedServer } from "../../src/embedded/mod.ts";
import { namesIn } from "../support/files.ts";
import { runToEnd } from "../support/run_to_end.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";

const command = embeddedServer() as readonly [string, ...string[]];

Deno.test("a client that goes without its answers ends the server, status 0", async () => {
  await using running = await ServerProcess.start(command);
  using connection = await running.connect();
  await connection.send(`a\0() => "x".repeat(1e7)\x001\0`.repeat(3));
  await connection.next();
  connection[Symbol.dispose]();
  assertEquals((await running.exited()).code, 0);
  assertEquals(running.logs, []);
});

Deno.test("a module that throws ends the server before READY, and the log says where", async () => {
  await using folder = await TempFolder.make();
  const path = (name: string) => join(folder.path, name);
  await Deno.writeTextFile(path("m.mjs"), "export const a = 1;\nthrow new Error('boom');\n");
  await runToEnd(command, ["-k", path("key")]);
  await runToEnd(command, ["-c", "m.mjs", "m.jsm", "-pk", "key.privkey"], { cwd: folder.path });
  const { code, stdout, stderr } = await runToEnd(
    command,
    ["-m", path("m.jsm"), "-s", path("0.sock"), path("1.sock")],
    {
      env: { JSOCKD_BYTECODE_MODULE_PUBLIC_KEY: await Deno.readTextFile(path("key.pubkey")) },
    },
  );
  assertEquals([code, stdout], [1, ""]);
  assertMatch(
    stderr,
    /\[ERROR\] Cannot load the module m\.mjs: Error: boom:\n.* at .*m\.mjs:2:\d+/,
  );
  const left = namesIn(folder.path);
  assertEquals(left.sort(), ["key.privkey", "key.pubkey", "m.jsm", "m.mjs"]);
});

Deno.test("-c names the line and the column of what does not compile", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeTextFile(join(folder.path, "m.mjs"), "export const a = 1;\nexport const = 2;\n");
  const { code, stderr } = await runToEnd(command, ["-c", "m.mjs", "m.jsm"], { cwd: folder.path });
  assertEquals(code, 1);
  assertMatch(stderr, /^Error: Cannot compile m\.mjs: SyntaxError: .*\n.*m\.mjs:2:14\n$/);
});

Deno.test("-k makes a private key that only its owner can read", async () => {
  await using folder = await TempFolder.make();
  const prefix = join(folder.path, "key");
  assertEquals((await runToEnd(command, ["-k", prefix])).code, 0);
  assertEquals((await Deno.stat(`${prefix}.privkey`)).mode! & 0o777, 0o600);
});
