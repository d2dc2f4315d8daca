import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { JSockDJSException, type RunOptions } from "../../mod.ts";
import { buildModule } from "../../src/module/mod.ts";
import { servers } from "../conformance/servers.ts";
import { Callers } from "../faults/callers.ts";
import { HostileServer } from "../faults/hostile.ts";
import { assertRejectsWith } from "../faults/rejections.ts";
import { residentBytes } from "../support/processes.ts";
import { startClient } from "../support/start_client.ts";
import { TempFolder } from "../support/temp_folder.ts";

const ISOLATED: RunOptions = { isolated: true };

/** Changes what later commands would meet, if they could. Each returns nothing. */
const CHANGES: Readonly<Record<string, string>> = {
  "a global": "globalThis.seen = 1",
  "a global that cannot be deleted":
    "Object.defineProperty(globalThis, 'seen', { value: 1, configurable: false })",
  "a variable": "(0, eval)('var seen = 1; let alsoSeen = 1')",
  "toJSON of all objects": "Object.prototype.toJSON = () => 'changed'",
  "then of all objects": "Object.prototype.then = (resolve) => resolve('changed')",
  "a getter of all arrays":
    "Object.defineProperty(Array.prototype, 0, { get: () => 'changed', set() {} })",
  "JSON": "JSON.parse = JSON.stringify = () => '\"changed\"'",
  "Promise": "globalThis.Promise = class {}; Promise.prototype.then = 1",
  "then of all promises": "(async () => {})().constructor.prototype.then = () => 'changed'",
  "the species of arrays": "Object.defineProperty(Array, Symbol.species, { value: Map })",
  "frozen prototypes": "[Object, Array, Function].forEach((c) => Object.freeze(c.prototype))",
  "the console": "console.log = JSockD.sendMessage = () => 'changed'",
  "text coders": "TextDecoder.prototype.decode = () => 'changed'",
  "registered symbols": "Symbol.for('seen').description; globalThis[Symbol.for('seen')] = 1",
  "a cached query": "globalThis.counter = (globalThis.counter ?? 0) + 1",
};

/** Looks at what {@linkcode CHANGES} changes. */
const LOOK = `async (_, p) => [
  p, typeof seen, typeof alsoSeen, typeof counter, typeof globalThis[Symbol.for("seen")],
  JSON.stringify(JSON.parse('{"a":[1]}')), [1, 2].map((n) => n)[0],
  await new Promise((resolve) => resolve(1)), Object.isFrozen(Array.prototype),
  new TextDecoder().decode(new TextEncoder().encode("é")),
]`;
const SEEN = (p: unknown) => [
  p,
  "undefined",
  "undefined",
  "undefined",
  "undefined",
  '{"a":[1]}',
  1,
  1,
  false,
  "é",
];

for (const server of servers) {
  if (!server.differences.isolates) {
    Deno.test(`${server.name}: run() rejects with CONFIG when a command is to be isolated`, async () => {
      await using client = await startClient(server);
      await assertRejectsWith(client.run(LOOK, 1, ISOLATED), "CONFIG", "jsockd");
      assertEquals(await client.run(LOOK, 1), SEEN(1));
    });
    continue;
  }

  Deno.test(`${server.name}: an isolated command leaves nothing behind`, async (t) => {
    await using client = await startClient(server);
    assertEquals(await client.run(LOOK, 0), SEEN(0));
    for (const [name, change] of Object.entries(CHANGES)) {
      await t.step(name, async () => {
        // What a change does to its own result does not matter.
        await client.run(`() => { ${change}; return 1 }`, null, ISOLATED).catch(() => {});
        assertEquals(await client.run(LOOK, 1, ISOLATED), SEEN(1));
        assertEquals(await client.run(LOOK, 2), SEEN(2));
      });
    }
    assertEquals(client.stats().restarts, 0);
  });

  Deno.test(`${server.name}: an isolated command does not see the changes of others`, async () => {
    await using client = await startClient(server);
    await client.run("() => { globalThis.seen = 1; Object.prototype.seen = 2; return 1 }");
    assertEquals(await client.run("() => [typeof seen, ({}).seen ?? null]", null, ISOLATED), [
      "undefined",
      null,
    ]);
    assertEquals(await client.run("() => [seen, ({}).seen]"), [1, 2]);
  });

  Deno.test(`${server.name}: an isolated command ends at its time limit, and leaves nothing behind`, async (t) => {
    await using client = await startClient(server, { maxCommandRuntimeUs: 100_000 });
    for (
      const endless of [
        "for (;;);",
        "await null; for (;;);",
        "queueMicrotask?.(() => {}); const again = () => Promise.resolve().then(again); await again();",
        "[2, 1].sort(() => { for (;;); })",
      ]
    ) {
      await t.step(endless, async () => {
        const outcome = client.run(
          `async () => { globalThis.seen = 1; ${endless} }`,
          null,
          ISOLATED,
        );
        const error = await outcome.catch((error) => error);
        assert(error instanceof Error, `Got ${Deno.inspect(error)}`);
        assertEquals(await client.run(LOOK, 1, ISOLATED), SEEN(1));
        assertEquals(await client.run(LOOK, 2), SEEN(2));
      });
    }
    assertEquals(client.stats().restarts, 0);
  });

  Deno.test(`${server.name}: promises that an isolated command leaves behind never run`, async () => {
    await using client = await startClient(server);
    const query = `() => {
      const again = () => Promise.resolve().then(() => { console.log("later"); again(); });
      Promise.resolve().then(() => globalThis.seen = 1);
      return new Promise(() => {}) && 1;
    }`;
    for (let i = 0; i < 5; i++) assertEquals(await client.run(query, null, ISOLATED), 1);
    assertEquals(await client.run(LOOK, 1), SEEN(1));
  });

  Deno.test(`${server.name}: an isolated command may send messages, and be aborted`, async () => {
    await using client = await startClient(server, { maxCommandRuntimeUs: 10_000_000 });
    const options = { ...ISOLATED, messageHandler: (n: number) => n * 2 };
    assertEquals(await client.run("(_, n) => JSockD.sendMessage(n) + 1", 20, options), 41);
    const aborted = client.run("(_, n) => JSockD.sendMessage(n)", 1, {
      ...ISOLATED,
      messageHandler: () => new Promise(() => {}),
      timeoutUs: 50_000,
    });
    await assertRejectsWith(aborted, "TIMEOUT");
    await client.close();
  });

  Deno.test(`${server.name}: isolated commands give their memory back`, async () => {
    await using client = await startClient(server, {
      maxCommandRuntimeUs: 10_000_000,
      maxRestartsPerMinute: 0,
    });
    // Together they would take 400 MB, which is more than a thread or a server may take.
    const query = "(_, n) => { const list = []; while (n-- > 0) list.push('x'.repeat(1e6) + n); " +
      "return list.length }";
    for (let i = 0; i < 10; i++) assertEquals(await client.run(query, 40, ISOLATED), 40);
    assertEquals(await client.run(LOOK, 1, ISOLATED), SEEN(1));
  });

  Deno.test(`${server.name}: isolated commands have other random numbers each`, async () => {
    await using client = await startClient(server);
    const numbers = await client.runAll("() => Math.random()", Array(20).fill(0), ISOLATED);
    assertEquals(new Set(numbers).size, 20);
    const descriptor = "() => Object.getOwnPropertyDescriptor(Math, 'random')";
    const { value: _, ...expected } = await client.run<PropertyDescriptor>(descriptor);
    assertEquals(await client.run(descriptor, null, ISOLATED), expected);
  });

  Deno.test(`${server.name}: isolated commands and others run side by side`, async () => {
    await using client = await startClient(server, { nThreads: 2 });
    await using others = new Callers(client, 4);
    const query = "(_, n) => { globalThis.count = (globalThis.count ?? 0) + 1; return [n, count] }";
    const params = Array.from({ length: 200 }, (_, n) => n);
    assertEquals(await client.runAll(query, params, ISOLATED), params.map((n) => [n, 1]));
    await others.stopUnharmed();
  });

  Deno.test(`${server.name}: isolated commands find the module as it was loaded`, async () => {
    await using folder = await TempFolder.make();
    await Deno.writeTextFile(
      `${folder.path}/counter.ts`,
      `const decoder = new TextDecoder();
      export const state = { count: 0, list: [] as number[] };
      export function next(): number { state.list.push(1); return ++state.count; }
      export function decode(byte: number): string {
        return decoder.decode(new Uint8Array([byte]), { stream: true });
      }
      export function fail(): never { throw new Error("from the module"); }`,
    );
    const built = await buildModule({
      jsockdExec: server.command,
      entry: `${folder.path}/counter.ts`,
      outDir: `${folder.path}/out`,
    });
    await using client = await startClient(server, { ...built, isolated: true });
    for (let i = 0; i < 3; i++) {
      assertEquals(await client.run("(m) => m.next()"), 1);
      // The first half of an é, of which the next command must not get the second half.
      assertEquals(await client.run("(m) => m.decode(0xc3)"), "");
      assertEquals(await client.run("(m) => m.decode(65)"), "A");
    }
    assertEquals(await client.run("(m) => m.next()", null, { isolated: false }), 1);
    assertEquals(await client.run("(m) => m.next()", null, { isolated: false }), 2);
    const error = await assertRejects(() => client.run("(m) => m.fail()"), JSockDJSException);
    assertStringIncludes(error.pretty!, "counter.ts");
  });

  Deno.test(`${server.name}: thousands of isolated commands take no more memory than those before`, async () => {
    await using client = await startClient(server, { maxCommandRuntimeUs: 10_000_000 });
    const query =
      "(_, n) => { globalThis.kept = [new TextDecoder(), 'x'.repeat(1e5) + n]; return n }";
    const run = (count: number) =>
      client.runAll(query, Array.from({ length: count }, (_, n) => n), ISOLATED);
    // By then the server on V8 has its spare worker, too.
    await run(1_500);
    const before = await residentBytes(client.pid);
    await run(2_000);
    const after = await residentBytes(client.pid);
    // Each would leave 100 kB behind, 200 MB in all.
    assert(after < before + 100e6, `${before} bytes, then ${after}`);
    assertEquals(client.stats().restarts, 0);
  });
}

Deno.test("initJSockDClient() and reload() reject with CONFIG when commands are to be isolated on jsockd", async () => {
  const start = HostileServer.start({ isolated: true });
  await assertRejectsWith(start, "CONFIG", "isolated");
  await using hostile = await HostileServer.start();
  await assertRejectsWith(hostile.client.reload({ isolated: true }), "CONFIG", "isolated");
  await assertRejectsWith(hostile.client.run("(_, n) => n", 1, ISOLATED), "CONFIG", "isolated");
  assertEquals(await hostile.client.run("(_, n) => n", 1), 1);
});
