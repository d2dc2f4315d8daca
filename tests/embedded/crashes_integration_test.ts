import { assert, assertEquals } from "@std/assert";
import { embeddedServer } from "../../src/embedded/mod.ts";
import { ServerProcess } from "../support/server_process.ts";

const command = embeddedServer() as readonly [string, ...string[]];

/** Queries that QuickJS, or WebAssembly below it, cannot go on after; what is said of them. */
const CRASHES: readonly [string, string][] = [
  ["() => { const all = []; for (;;) all.push({ x: [all.length] }); }", "out of memory"],
  ["() => { const all = []; for (;;) all.push(new Uint8Array(1 << 20)); }", "out of memory"],
  ["() => 'x'.repeat(1e9)", "out of memory"],
  ["() => { (function f() { f(); })(); }", "stack overflow"],
  ["() => JSON.parse('['.repeat(200_000))", "stack overflow"],
  ["() => { let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a; }", "stack overflow"],
  ["() => eval('('.repeat(100_000))", "stack overflow"],
];

Deno.test("a crash in QuickJS costs its command and nothing else", async (t) => {
  await using running = await ServerProcess.start(command, {
    args: ["-b", "00", "-t", "20000000"],
    sockets: 2,
  });
  const [first, second] = [await running.connect(0), await running.connect(1)];
  await second.value("() => { globalThis.kept = 1; }, () => 1");
  for (const [query, reason] of CRASHES) {
    await t.step(`when it is ${query}`, async () => {
      assertEquals((await first.exception(query)).errorMessage, `InternalError: ${reason}`);
      assertEquals(await first.value("(_, n) => n + 1", "41"), 42);
    });
  }
  await t.step("and not a query of any depth", async () => {
    assertEquals((await first.run("(".repeat(100_000))).type, "exception");
    assertEquals(await first.value("(_, n) => n + 1", "41"), 42);
  });
  await t.step("and not what pipelined commands wait for", async () => {
    const [[query]] = CRASHES as [[string, string]];
    await first.send(`a\0${query}\x001\0b\0() => 2\x001\0c\0() => 3\x001\0`);
    const records = [await first.next(), await first.next(), await first.next()];
    assertEquals(records.map((record) => record?.type), ["exception", "ok", "ok"]);
  });
});

Deno.test("a deep recursion can be caught, and its runtime goes on", async () => {
  await using running = await ServerProcess.start(command);
  const connection = await running.connect();
  const depth = await connection.value(
    "() => { let n = 0; const f = () => { n++; f(); }; try { f(); } catch { return globalThis.depth = n; } }",
  );
  assert(depth > 500, `Only ${depth} calls deep`);
  assertEquals(await connection.value("() => globalThis.depth"), depth);
});

Deno.test("memory that is full can be caught, and its runtime is replaced", async () => {
  await using running = await ServerProcess.start(command, {
    args: ["-b", "00", "-t", "20000000"],
  });
  const connection = await running.connect();
  const query = "() => { const all = globalThis.all = []; " +
    "try { for (;;) all.push(new Uint8Array(1 << 20)); } catch (error) { return error.message; } }";
  assertEquals(await connection.value(query), "out of memory");
  assertEquals(await connection.value("() => typeof globalThis.all"), "undefined");
});

Deno.test("jobs that an interrupted command leaves behind are not run beside the next", async () => {
  await using running = await ServerProcess.start(command);
  const connection = await running.connect();
  await connection.exception(
    "() => { (async () => { for (;;) { globalThis.n = (globalThis.n ?? 0) + 1; await 0; } })(); for (;;); }",
  );
  assertEquals(await connection.value("async () => (await 0, globalThis.n ?? null)"), null);
});

Deno.test("the server ends in the midst of anything", async (t) => {
  for (const query of ["() => { for (;;); }", "() => JSockD.sendMessage(1)"]) {
    await t.step(`when a command is ${query}`, async () => {
      await using running = await ServerProcess.start(command, {
        args: ["-b", "00", "-t", "60000000"],
      });
      const connection = await running.connect();
      // The message says that the command runs.
      await connection.run(`() => { JSockD.sendMessage(0); return (${query})(); }`);
      await connection.send("c\x001\0");
      running.kill("SIGTERM");
      assertEquals((await running.exited()).code, 0);
    });
  }
});
