import { ENDED_IN_ORDER } from "../../../../src/config/server_command.ts";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { JSockDClientError } from "../../../../mod.ts";
import { embeddedServer, initEmbeddedJSockDClient } from "../../../../src/embedded/mod.ts";
import { quiet } from "../../../support/quiet.ts";
import { type Command, ServerProcess } from "../../../support/server_process.ts";
import { V8_SERVER } from "./server.ts";

/** Commands that exceed the memory limit, on V8's heap and outside of it. */
const MEMORY_BOMBS: Readonly<Record<string, string>> = {
  "objects": "() => { const all = []; for (;;) all.push({ x: [all.length] }); }",
  "buffers": "() => { const all = []; for (;;) all.push(new Uint8Array(1 << 20).fill(1)); }",
  "one buffer": "() => new Uint8Array(3e9).fill(1).length",
};

const LIMIT_MB = 300;

for (const [what, query] of Object.entries(MEMORY_BOMBS)) {
  Deno.test(`a V8 server exits and the client restarts it when a command fills the memory with ${what}`, async () => {
    await using client = await initEmbeddedJSockDClient(
      quiet({ nThreads: 1, maxCommandRuntimeUs: 60_000_000 }),
      { engine: "v8", maxMemoryMb: LIMIT_MB },
    );
    const { pid } = client;
    const error = await client.run(query).catch((error) => error);
    assert(error instanceof JSockDClientError);
    assertEquals(error.code, "SERVER_EXITED");
    assertMatch(
      error.message,
      /takes \d+ MiB of memory, the limit is 300 \(maxMemoryMb or maxMemoryBytes\)/,
    );
    assertEquals(await client.run("(_, n) => n + 1", 41), 42);
    assert(client.pid !== pid);
  });
}

Deno.test("a V8 server replaces an engine when its commands leak memory", async () => {
  await using running = await ServerProcess.start(V8_SERVER);
  const connection = await running.connect();
  const query =
    "() => { (globalThis.kept ??= []).push(new Uint8Array(1 << 20)); return kept.length; }";
  let last = 0;
  let replaced = false;
  for (let i = 0; i < 500 && !replaced; i++) {
    const size = await connection.value(query);
    replaced = size < last;
    last = size;
  }
  assert(replaced, "500 MB were left behind in one engine");
  assertMatch((await running.log(/Memory usage/)).message, /increased by \d+ MiB\. Resetting/);
});

Deno.test("a V8 server keeps an engine when its commands leave only garbage", async () => {
  await using running = await ServerProcess.start(V8_SERVER);
  const connection = await running.connect();
  await connection.value("() => globalThis.mark = 1");
  for (let i = 0; i < 400; i++) await connection.value("() => new Uint8Array(1 << 20).length");
  assertEquals(await connection.value("() => globalThis.mark"), 1);
  assertEquals(running.logs, []);
});

Deno.test("a V8 server has a memory limit when none is configured", async () => {
  await using running = await ServerProcess.start(
    embeddedServer({ engine: "v8" }) as Command,
    { args: ["-b", "00", "-t", "60000000"] },
  );
  const connection = await running.connect();
  await connection.send(`c\0${MEMORY_BOMBS["buffers"]}\0null\0`);
  assertEquals((await running.exited()).code, ENDED_IN_ORDER);
  assertMatch(
    (await running.log(/^Cannot go on/)).message,
    /the limit is 640 \(maxMemoryMb or maxMemoryBytes\)/,
  );
});
