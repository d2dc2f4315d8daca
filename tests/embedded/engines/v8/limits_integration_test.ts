import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { initJSockDClient, JSockDJSException } from "../../../../mod.ts";
import { ENDED_IN_ORDER } from "../../../../src/config/server_command.ts";
import { embeddedServer } from "../../../../src/embedded/mod.ts";
import { buildModule } from "../../../../src/module/mod.ts";
import { quiet } from "../../../support/quiet.ts";
import { TempFolder } from "../../../support/temp_folder.ts";
import { ServerProcess } from "../../../support/server_process.ts";
import { V8_SERVER } from "./server.ts";

const RUNTIME_LIMIT_US = 200_000;

/** Commands that V8 can interrupt, so that their thread survives. */
const INTERRUPTIBLE: Readonly<Record<string, string>> = {
  "a loop": "() => { for (;;); }",
  "a loop that catches everything": "() => { for (;;) { try { for (;;); } catch {} finally {} } }",
  "a regular expression": "() => /(a+)+$/.test('a'.repeat(40) + 'b')",
  "a sort":
    "() => { const a = Array.from({ length: 2e4 }, (_, i) => (i * 7919) % 1000003 + ''); for (;;) a.slice().sort(); }",
  "JSON of a huge value":
    "() => { const a = Array.from({ length: 2e5 }, (_, i) => ({ i })); for (;;) JSON.stringify(a); }",
  "an endless async function": "async () => { for (;;) await 0; }",
  "an endless Atomics.wait()": "() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  "a getter of the result": "() => ({ get x() { for (;;); } })",
};

/** Commands in a native function that V8 cannot interrupt. */
const UNINTERRUPTIBLE: Readonly<Record<string, string>> = {
  "a slow indexOf()":
    "() => { const s = 'a'.repeat(2e6); return s.indexOf('a'.repeat(1e6) + 'b' + 'a'.repeat(1e5)); }",
  "JSON.parse() of a huge text":
    "() => { const text = '[' + '[1],'.repeat(2e7) + '1]'; for (;;) JSON.parse(text).length; }",
  "fill() of a huge array":
    "() => { const a = new Float64Array(5e7); for (let i = 0; i < 60; i++) a.fill(i); }",
};

for (const [what, query] of Object.entries(INTERRUPTIBLE)) {
  Deno.test(`a V8 server keeps the thread when it interrupts ${what}`, async () => {
    await using running = await ServerProcess.start(V8_SERVER, {
      args: ["-b", "00", "-t", String(RUNTIME_LIMIT_US)],
    });
    const connection = await running.connect();
    await connection.value("() => globalThis.mark = 1");
    await connection.send(`a\0${query}\0null\0b\0() => globalThis.mark\0null\0`);
    const record = await connection.nextOfCommand();
    assertEquals([record.id, record.type], ["a", "exception"]);
    assertEquals(JSON.parse(record.data).errorMessage, "InternalError: interrupted");
    assertEquals(await connection.next(), { type: "ok", id: "b", data: "1" });
  });
}

for (const [what, query] of Object.entries(UNINTERRUPTIBLE)) {
  Deno.test(`a V8 server answers in time on a new thread when it cannot interrupt ${what}`, async () => {
    await using running = await ServerProcess.start(V8_SERVER, {
      args: ["-b", "00", "-t", String(RUNTIME_LIMIT_US)],
    });
    const connection = await running.connect();
    await connection.value("() => globalThis.mark = 1");
    const behind = Array.from({ length: 5 }, (_, i) => `${i}\0(_, n) => n\0${i}\0`);
    await connection.send(`a\0${query}\0null\0${behind.join("")}`);
    const { id, type, data } = await connection.nextOfCommand();
    assertEquals([id, type], ["a", "exception"]);
    assertEquals(JSON.parse(data).errorMessage, "InternalError: interrupted");
    for (let i = 0; i < 5; i++) {
      assertEquals(await connection.next(), { type: "ok", id: `${i}`, data: `${i}` });
    }
    assertEquals(await connection.value("() => typeof globalThis.mark"), "undefined");
    assertEquals((await running.log(/Giving up the thread of the command 'a'/)).level, "ERROR");
    assertEquals((await running.log(/exceeded 200000us/)).level, "WARN");
  });
}

Deno.test("a V8 server exits when JavaScript goes on in a thread that it has given up", async () => {
  await using running = await ServerProcess.start(V8_SERVER, {
    args: ["-b", "00", "-t", String(RUNTIME_LIMIT_US)],
  });
  const connection = await running.connect();
  const query = "() => Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 5)";
  assertEquals((await connection.exception(query)).errorMessage, "InternalError: interrupted");
  assertEquals(await connection.value("() => 1"), 1);
  assertEquals((await running.exited()).code, ENDED_IN_ORDER);
  const { message } = await running.log(/^Cannot go on/);
  assertMatch(message, /the command 'c' still runs 2000 ms after it was given up/);
});

Deno.test("a V8 server keeps the thread usable when it interrupts the wait for a response to a message", async () => {
  await using running = await ServerProcess.start(V8_SERVER, {
    args: ["-b", "00", "-t", String(RUNTIME_LIMIT_US)],
  });
  const connection = await running.connect();
  for (const late of ["c\x001\0", "c\0"]) {
    assertEquals((await connection.run("() => JSockD.sendMessage(1)")).type, "message");
    const { type } = await connection.nextOfCommand();
    assertEquals(type, "exception");
    await connection.send(late);
    const discarded = await connection.reset();
    assert(discarded.length <= 1);
    assertEquals(await connection.value("(_, n) => n", "7"), 7);
  }
});

Deno.test("a V8 server loads the module on the new thread when a native function blocks the old one", async () => {
  await using folder = await TempFolder.make();
  const entry = join(folder.path, "m.ts");
  await Deno.writeTextFile(entry, "export const answer: number = 42;\n");
  const built = await buildModule({ entry, outDir: folder.path, jsockdExec: V8_SERVER });
  await using client = await initJSockDClient(
    quiet({ nThreads: 1, maxCommandRuntimeUs: RUNTIME_LIMIT_US, ...built }),
    V8_SERVER,
  );
  const query = UNINTERRUPTIBLE["a slow indexOf()"]!;
  await assertRejects(() => client.run(query), JSockDJSException, "InternalError: interrupted");
  assertEquals(await client.run("(m) => m.answer"), 42);
});

Deno.test("buildModule() keeps the syntax of the source when the server runs on V8, not on QuickJS", async () => {
  await using folder = await TempFolder.make();
  const entry = join(folder.path, "m.ts");
  const source = "export function f() { using x = { [Symbol.dispose]() {} }; return x && 42; }\n";
  await Deno.writeTextFile(entry, source);
  for (const [engine, kept] of [["v8", true], ["quickjs", false]] as const) {
    const built = await buildModule({
      entry,
      outDir: join(folder.path, engine),
      jsockdExec: embeddedServer({ engine }),
    });
    const module = await Deno.readTextFile(built.bytecodeModuleFile);
    assertEquals(/\busing x\b/.test(module), kept, engine);
  }
  const built = await buildModule({
    entry,
    outDir: join(folder.path, "v8"),
    jsockdExec: V8_SERVER,
  });
  await using client = await initJSockDClient(quiet({ nThreads: 1, ...built }), V8_SERVER);
  assertEquals(await client.run("(m) => m.f()"), 42);
});
