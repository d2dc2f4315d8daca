import { assert, assertEquals } from "@std/assert";
import { embeddedServer } from "../../src/embedded/mod.ts";
import { ServerProcess } from "../support/server_process.ts";

const command = embeddedServer() as readonly [string, ...string[]];

/** What names the limit that QuickJS has reached. */
const OUT_OF_MEMORY = `out of memory: the limit of a thread, maxMemoryBytes, is ${256 << 20}`;

/** Queries that crash QuickJS or use up its memory, and the reasons in their exceptions. */
const CRASHES: readonly [string, string][] = [
  ["() => { const all = []; for (;;) all.push({ x: [all.length] }); }", OUT_OF_MEMORY],
  ["() => { const all = []; for (;;) all.push(new Uint8Array(1 << 20)); }", OUT_OF_MEMORY],
  ["() => 'x'.repeat(1e9)", OUT_OF_MEMORY],
  ["() => { (function f() { f(); })(); }", "stack overflow"],
  ["() => JSON.parse('['.repeat(200_000))", "stack overflow"],
  ["() => { let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a; }", "stack overflow"],
  ["() => eval('('.repeat(100_000))", "stack overflow"],
];

Deno.test("the embedded server fails one command when QuickJS crashes", async (t) => {
  await using running = await ServerProcess.start(command, {
    args: ["-b", "00", "-t", "20000000"],
    sockets: 2,
  });
  const [first, second] = [await running.connect(0), await running.connect(1)];
  await second.value("() => { globalThis.kept = 1; }, () => 1");
  for (const [query, reason] of CRASHES) {
    await t.step(`when the query is ${query}`, async () => {
      assertEquals((await first.exception(query)).errorMessage, `InternalError: ${reason}`);
      assertEquals(await first.value("(_, n) => n + 1", "41"), 42);
    });
  }
  await t.step("and still answers when a query is nested very deeply", async () => {
    assertEquals((await first.run("(".repeat(100_000))).type, "exception");
    assertEquals(await first.value("(_, n) => n + 1", "41"), 42);
  });
  await t.step("and answers the pipelined commands behind it", async () => {
    const [[query]] = CRASHES as [[string, string]];
    await first.send(`a\0${query}\x001\0b\0() => 2\x001\0c\0() => 3\x001\0`);
    const records = [await first.next(), await first.next(), await first.next()];
    assertEquals(records.map((record) => record?.type), ["exception", "ok", "ok"]);
  });
});

Deno.test("the embedded server keeps the runtime when a command catches a stack overflow", async () => {
  await using running = await ServerProcess.start(command);
  const connection = await running.connect();
  const depth = await connection.value(
    "() => { let n = 0; const f = () => { n++; f(); }; try { f(); } catch { return globalThis.depth = n; } }",
  );
  assert(depth > 500, `Expected more than 500 calls, got ${depth}`);
  assertEquals(await connection.value("() => globalThis.depth"), depth);
});

Deno.test("the embedded server replaces the runtime when a command catches that memory is full", async () => {
  await using running = await ServerProcess.start(command, {
    args: ["-b", "00", "-t", "20000000"],
  });
  const connection = await running.connect();
  const query = "() => { const all = globalThis.all = []; " +
    "try { for (;;) all.push(new Uint8Array(1 << 20)); } catch (error) { return error.message; } }";
  assertEquals(await connection.value(query), "out of memory");
  assertEquals(await connection.value("() => typeof globalThis.all"), "undefined");
});

Deno.test("the embedded server drops the promise jobs of a command when it is interrupted", async () => {
  await using running = await ServerProcess.start(command);
  const connection = await running.connect();
  await connection.exception(
    "() => { (async () => { for (;;) { globalThis.n = (globalThis.n ?? 0) + 1; await 0; } })(); for (;;); }",
  );
  assertEquals(await connection.value("async () => (await 0, globalThis.n ?? null)"), null);
});

Deno.test("the embedded server exits on SIGTERM when a command runs", async (t) => {
  for (const query of ["() => { for (;;); }", "() => JSockD.sendMessage(1)"]) {
    await t.step(`such as ${query}`, async () => {
      await using running = await ServerProcess.start(command, {
        args: ["-b", "00", "-t", "60000000"],
      });
      const connection = await running.connect();
      // The message proves that the command runs.
      await connection.run(`() => { JSockD.sendMessage(0); return (${query})(); }`);
      await connection.send("c\x001\0");
      running.kill("SIGTERM");
      assertEquals((await running.exited()).code, 0);
    });
  }
});

Deno.test("the embedded server interrupts a command at its limit when each of its steps takes long", async () => {
  await using running = await ServerProcess.start(command, { args: ["-b", "00", "-t", "100000"] });
  const connection = await running.connect();
  const query = "() => { const all = []; for (;;) all.push(new Uint8Array(1 << 20).fill(1)); }";
  // It would reach its memory limit only later.
  assertEquals((await connection.exception(query)).errorMessage, "InternalError: interrupted");
  assertEquals(await connection.value("(_, n) => n + 1", "41"), 42);
});

Deno.test("the embedded server passes texts whole when memory may no longer grow", async (t) => {
  // No command is quick enough for this limit. QuickJS ends those that take some thousand steps, and
  // lets none have more memory, so that these fill what it has.
  await using running = await ServerProcess.start(command, { args: ["-b", "00", "-t", "1"] });
  const connection = await running.connect();
  const fill = `const all = globalThis.all = [];
    for (let size = 1 << 20; size > 1 << 16; size /= 2) {
      try { for (;;) all.push(new ArrayBuffer(size)); } catch { /* full */ }
    }`;
  await t.step("to a command, as the answer to a message", async () => {
    const answer = "y".repeat(900_000);
    await connection.send(`a\0() => { ${fill} return JSockD.sendMessage(1); }\x001\0`);
    assertEquals(await connection.next(), { type: "message", id: "a", data: "1" });
    await connection.send(`a\0"${answer}"\0`);
    const record = await connection.next();
    assert(record?.type === "ok" && record.data === `"${answer}"`, record?.type);
  });
  await t.step("from a command, as its result", async () => {
    for (let free = 0; free < 40; free++) {
      const query = `() => { ${fill}
        for (let n = 0; n < ${free}; n++) all.shift();
        all.push(new ArrayBuffer(1 << 17)); return 'é'.repeat(1 << 19); }`;
      await connection.send(`a\0${query}\x001\0`);
      const record = await connection.next();
      if (record?.type === "ok") assert(record.data === `"${"é".repeat(1 << 19)}"`, `free ${free}`);
      else assertEquals(record?.type, "exception");
    }
  });
  assertEquals(await connection.value("(_, n) => n + 1", "41"), 42);
});
