import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { embeddedServer } from "../../src/embedded/mod.ts";
import { namesIn } from "../support/files.ts";
import { runToEnd } from "../support/run_to_end.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";

const command = embeddedServer() as readonly [string, ...string[]];

Deno.test("the embedded server exits with status 0 when a client closes the socket before its records arrive", async () => {
  await using running = await ServerProcess.start(command, {
    args: ["-b", "00", "-t", "20000000"],
  });
  using connection = await running.connect();
  await connection.send(`a\0() => "x".repeat(1e7)\x001\0`.repeat(3));
  await connection.next();
  connection[Symbol.dispose]();
  assertEquals((await running.exited()).code, 0);
  assertEquals(running.logs, []);
});

Deno.test("the embedded server exits before READY and logs the place when the module throws", async () => {
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

Deno.test("-c names the line and the column when a module does not compile", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeTextFile(join(folder.path, "m.mjs"), "export const a = 1;\nexport const = 2;\n");
  const { code, stderr } = await runToEnd(command, ["-c", "m.mjs", "m.jsm"], { cwd: folder.path });
  assertEquals(code, 1);
  assertMatch(stderr, /^Error: Cannot compile m\.mjs: SyntaxError: .*\n.*m\.mjs:2:14\n$/);
});

Deno.test("-k writes a private key file that only its owner can read", async () => {
  await using folder = await TempFolder.make();
  const prefix = join(folder.path, "key");
  assertEquals((await runToEnd(command, ["-k", prefix])).code, 0);
  assertEquals((await Deno.stat(`${prefix}.privkey`)).mode! & 0o777, 0o600);
});
