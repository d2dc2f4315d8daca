import { assert, assertEquals, assertMatch } from "@std/assert";
import { delay } from "@std/async/delay";
import { ServerProcess } from "../support/server_process.ts";
import { servers } from "./servers.ts";

/** Queries that run far past the time limit. */
const RUNAWAYS: readonly string[] = [
  "() => { for (;;); }",
  "() => { for (;;) { try { for (;;); } catch {} finally {} } }",
  "async () => { await 0; for (;;); }",
  `() => /^(a+)+$/.test("a".repeat(40) + "b")`,
  "() => { const f = (n) => n < 2 ? n : f(n - 1) + f(n - 2); return f(60); }",
];

/** Queries that use what the runtime adds to the language, with their results. */
const PROVIDED: readonly (readonly [query: string, value: unknown])[] = [
  [`() => Array.from(new TextEncoder().encode("hé€😀"))`, [
    ...[104, 195, 169],
    ...[226, 130, 172],
    ...[240, 159, 152, 128],
  ]],
  [`() => new TextEncoder().encodeInto("hé", new Uint8Array(2))`, { read: 1, written: 1 }],
  [`() => [new TextEncoder().encoding, new TextDecoder().encoding]`, ["utf-8", "utf-8"]],
  [`() => new TextDecoder().decode(new Uint8Array([104, 195, 169]))`, "hé"],
  [`() => new TextDecoder().decode(new Uint8Array([255, 104]))`, "\uFFFDh"],
  [`() => new TextDecoder().decode(new Uint8Array([104]).buffer)`, "h"],
  [
    `() => { const d = new TextDecoder();
       return d.decode(new Uint8Array([195]), { stream: true }) + d.decode(new Uint8Array([169])); }`,
    "é",
  ],
  [
    `async () => { const parts = [];
       const stream = new ReadableStream({
         start(c) { c.enqueue("a"); c.enqueue("b"); c.close(); } });
       const reader = stream.getReader();
       for (;;) { const { done, value } = await reader.read();
         if (done) return parts; parts.push(value); } }`,
    ["a", "b"],
  ],
  [
    `async () => { const written = [];
       const source = new ReadableStream({
         start(c) { for (const n of [1, 2, 3]) c.enqueue(n); c.close(); } });
       const double = new TransformStream({ transform(n, c) { c.enqueue(n * 2); } });
       await source.pipeThrough(double).pipeTo(new WritableStream({ write(n) { written.push(n); } }));
       return written; }`,
    [2, 4, 6],
  ],
  [`() => typeof ByteLengthQueuingStrategy + typeof CountQueuingStrategy`, "functionfunction"],
  [`() => ["log", "warn", "info", "error", "debug", "trace"].every((f) => f in console)`, true],
  [`() => typeof JSockD.sendMessage`, "function"],
  [`() => typeof globalThis.setTimeout`, "undefined"],
  [`() => typeof globalThis.Deno + typeof globalThis.process`, "undefinedundefined"],
];

for (const server of servers) {
  Deno.test(`${server.name}: interrupts a command when it runs past -t`, async (t) => {
    await using running = await ServerProcess.start(server.command, {
      args: ["-b", "00", "-t", "100000"],
    });
    const connection = await running.connect();
    for (const query of RUNAWAYS) {
      await t.step(`when it is ${query}`, async () => {
        const seen = running.logs.length;
        const { errorMessage } = await connection.exception(query);
        assertMatch(errorMessage, /^InternalError: interrupted/);
        assertEquals((await running.log(/exceeded 100000us/, seen)).level, "WARN");
        assertEquals(await connection.value("(_, n) => n", "1"), 1);
      });
    }
  });

  Deno.test(`${server.name}: interrupts whatever runs past -t`, async (t) => {
    await using running = await ServerProcess.start(server.command, {
      args: ["-b", "00", "-t", "100000"],
    });
    const connection = await running.connect();

    await t.step("such as the evaluation of a query", async () => {
      assertEquals(await connection.value("() => 1"), 1);
      const refusal = await connection.exception("(() => { for (;;); })()");
      assertEquals(refusal, "error compiling command");
      assertEquals(await connection.value("() => 1"), 1);
    });

    await t.step("such as a promise that never settles", async () => {
      // If the time is up between two jobs, the server reports that the promise is not settled.
      const { errorMessage } = await connection.exception("async () => { for (;;) await 0; }");
      assertMatch(errorMessage, /^(InternalError: interrupted|uninitialized)/);
      assertEquals(await connection.value("(_, n) => n", "1"), 1);
    });

    await t.step("such as a loop deep in nested calls", async () => {
      const query = "() => { const f = (n) => { if (n > 0) f(n - 1); else for (;;); }; f(400); }";
      const { type, data } = await connection.run(query);
      assertEquals(type, "exception");
      if (server.differences.unreadTrace === undefined) {
        assertEquals(JSON.parse(data).errorMessage, "InternalError: interrupted");
      } else {
        assertEquals(data, server.differences.unreadTrace);
      }
      assertEquals(await connection.value("() => 1"), 1);
    });
  });

  Deno.test(`${server.name}: interrupts a command after 250 ms when -t is not given`, async () => {
    await using running = await ServerProcess.start(server.command);
    const connection = await running.connect();
    const busy = (milliseconds: number) =>
      `() => { const end = Date.now() + ${milliseconds}; while (Date.now() < end); return 1; }`;
    assertEquals(await connection.value(busy(10)), 1);
    assertEquals(
      (await connection.exception(busy(20_000))).errorMessage,
      "InternalError: interrupted",
    );
  });

  Deno.test(`${server.name}: the runtime provides`, async (t) => {
    await using running = await ServerProcess.start(server.command, {
      args: ["-b", "00", "-t", "5000000"],
    });
    const connection = await running.connect();
    for (const [query, value] of PROVIDED) {
      await t.step(`what it takes for ${query.split("\n")[0]}`, async () => {
        assertEquals(await connection.value(query), value);
      });
    }

    await t.step("a TextDecoder that throws if it is fatal", async () => {
      const { errorMessage } = await connection.exception(
        `() => new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array([255]))`,
      );
      assertMatch(errorMessage, /^TypeError: /);
    });

    await t.step("only the modules of its host, if any", async () => {
      const { errorMessage } = await connection.exception(`() => import("fs")`);
      assertEquals(
        errorMessage,
        "ReferenceError: JSockD doesn't allow module imports other than 'os' and 'std'",
      );
      const names = `async () => Object.keys(await import("std")).includes("getenv")`;
      if (server.differences.hostModules) {
        assertEquals(await connection.value(names), true);
      } else {
        assertMatch((await connection.exception(names)).errorMessage, /Error/);
        const os = await connection.exception(`() => import("os")`);
        assertMatch(os.errorMessage, /Error/);
      }
    });
  });

  Deno.test(`${server.name}: threads do not share global state`, async () => {
    await using running = await ServerProcess.start(server.command, { sockets: 2 });
    const first = await running.connect(0);
    const second = await running.connect(1);
    assertEquals(await first.value("() => globalThis.mark = 1"), 1);
    assertEquals(await second.value("() => typeof globalThis.mark"), "undefined");
    assertEquals(await first.value("() => globalThis.mark"), 1);
  });

  Deno.test(`${server.name}: shuts down the runtimes of idle threads except the first when -i is given`, async () => {
    await using running = await ServerProcess.start(server.command, {
      sockets: 2,
      args: ["-b", "00", "-i", "1000"],
    });
    const first = await running.connect(0);
    const second = await running.connect(1);
    for (const connection of [first, second]) await connection.value("() => globalThis.mark = 1");
    // The only sign of a shutdown is the loss of global state.
    const deadline = Date.now() + 20_000;
    while (await second.value("() => globalThis.mark ?? 0") === 1) {
      assert(Date.now() < deadline, "The second thread still has its runtime after 20 s");
      await delay(300);
    }
    assertEquals(await second.value("(_, n) => n", "1"), 1);
    assertEquals(await first.value("() => globalThis.mark ?? 0"), 1);
  });

  Deno.test(`${server.name}: keeps the runtimes of idle threads when -i is not given`, async () => {
    await using running = await ServerProcess.start(server.command, { sockets: 2 });
    const connection = await running.connect(1);
    await connection.value("() => globalThis.mark = 1");
    await delay(500);
    assertEquals(await connection.value("() => globalThis.mark ?? 0"), 1);
  });

  if (server.differences.hostModules) {
    Deno.test(`${server.name}: JavaScript can access the host`, async (t) => {
      await using running = await ServerProcess.start(server.command, { env: { SECRET: "s3" } });
      const connection = await running.connect();

      await t.step("to read its environment", async () => {
        const query = `async () => (await import("std")).getenv("SECRET")`;
        assertEquals(await connection.value(query), "s3");
      });

      await t.step("to write to its stdout and stderr", async () => {
        await connection.value(`async () => { const { out, err } = await import("std");
          out.puts("to stdout\\n"); out.flush(); err.puts("to stderr\\n"); err.flush(); return 1; }`);
        assertEquals((await running.log(/^to stderr$/)).level, "STDERR");
      });

      await t.step("to exit", async () => {
        await connection.send(`c\0async () => (await import("std")).exit(3)\0null\0`);
        assertEquals(await connection.next(), undefined);
        assertEquals((await running.exited()).code, 3);
        assertEquals(running.stdout, ["to stdout"]);
        // Unlike a normal exit, this leaves the sockets behind.
        for (const path of running.sockets) await Deno.remove(path);
      });
    });
  }
}
