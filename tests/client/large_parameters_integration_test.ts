import { assert, assertEquals, assertRejects } from "@std/assert";
import { JSockDJSException } from "../../mod.ts";
import { servers } from "../conformance/servers.ts";
import { assertRecovers, Callers, ECHO } from "../faults/callers.ts";
import { assertRejectsWith } from "../faults/rejections.ts";
import { Project, start } from "../module/project.ts";
import { startClient } from "../support/start_client.ts";

/** Room for slow machines, where the time limit is not what is tested. */
const UNHURRIED = { maxCommandRuntimeUs: 20_000_000 };

/** A little more than a command can hold. */
const LARGE = "x".repeat(1_100_000);

/** 5 MB of all kinds of characters and values, of which JSON escapes many. */
const MIXED = Array.from({ length: 45_000 }, (_, id) => ({
  id,
  text: `é😀 "quoted" \\ \n \u0000 \u2028 \ud83d </script> ${id}`,
  "": [null, true, -0.5e-7, [], {}],
}));

/** Queries that end in every way that a query can, with what is particular to each. */
const QUERIES = {
  // First, because jsockd gives such a command what the commands before it have thrown.
  "a promise that never settles": "() => new Promise(() => {})",
  "an exception in an inner function":
    "(_, p) => {\n  const inner = () => [1].map(() => { throw new TypeError('a\\nb'); });\n  return inner(p);\n}",
  "a rejected promise": "async (_, p) => {\n  await null;\n  throw new Error(p.slice(0, 1));\n}",
  "a thrown value": "() => { throw '    at f (<buffer>:9:9)'; }",
  "no function": "42",
  "a syntax error": "(_, p) => ((",
  "an exception in the query itself": "(() => { throw new Error('early'); })()",
  "no JSON": "() => 1n",
  "undefined": "() => undefined",
  "a comment": "(_, p) => p.length // as it is",
  "a semicolon": "(_, p) => p.length; ",
  "an await": "await Promise.resolve((_, p) => p.length)",
  "this": "(function () { return this === globalThis; })",
};

for (const server of servers) {
  const { name } = server;

  Deno.test(`${name}: run() sends a parameter of 5 MB in pieces`, async () => {
    await using client = await startClient(server, UNHURRIED);
    const query = "(_, p) => p";
    assertEquals(await client.run(query, MIXED), MIXED);
    const text = "é😀".repeat(1_000_000);
    const [first, last, length] = await client.run(
      (_, p: string) => [p.slice(0, 2), p.slice(-2), p.length],
      text,
    );
    assertEquals([first, last, length], ["é\ud83d", "😀", 3_000_000]);
    const { restarts, completed } = client.stats();
    assertEquals([restarts, completed], [0, 2]);
  });

  Deno.test(`${name}: run() ends in the same way when its parameter is sent in pieces`, async () => {
    await using client = await startClient(server, UNHURRIED);
    for (const [what, query] of Object.entries(QUERIES)) {
      const outcome = (param: string) =>
        client.run(query, param).then(
          (result) => ({ result }),
          ({ resultJson, stack }: JSockDJSException) => ({ resultJson, stack }),
        );
      const [small, large] = [await outcome("x"), await outcome(LARGE)];
      if ("result" in small && small.result === 1) assertEquals(large, { result: LARGE.length });
      else assertEquals(large, small, what);
    }
  });

  Deno.test(`${name}: run() answers a command's own messages when its parameter is sent in pieces`, async () => {
    await using client = await startClient(server, UNHURRIED);
    const query = "(_, p) => JSockD.sendMessage(p.length) + JSockD.sendMessage('again')";
    const messages: unknown[] = [];
    const answer = (message: unknown) => messages.push(message);
    assertEquals(await client.run(query, LARGE, answer), 3);
    assertEquals(messages, [LARGE.length, "again"]);
    await assertRejectsWith(
      client.run(query, LARGE),
      "MESSAGE_HANDLER",
      "without a messageHandler",
    );
    await assertRejectsWith(
      client.run(query, LARGE, () => {
        throw new Error("mine");
      }),
      "MESSAGE_HANDLER",
      "mine",
    );
    await assertRecovers(client);
  });

  Deno.test(`${name}: runRaw(), command() and runAll() send large parameters`, async () => {
    await using client = await startClient(server, { ...UNHURRIED, nThreads: 2 });
    const query = "(_, p) => p.length";
    assertEquals(await client.runRaw(query, ` [\n"${LARGE}"  , 2 ] `), "2");
    assertEquals(await client.command<number>(query)(LARGE), LARGE.length);
    const params = Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? LARGE : "x").repeat(1 + n));
    assertEquals(await client.runAll(query, params), params.map(({ length }) => length));
  });

  Deno.test(`${name}: run() gives a module a large parameter`, async () => {
    await using project = await Project.make({
      "main.ts": "export const count = (list: unknown[]) => list.length;",
    });
    await using client = await start(server, await project.build(server));
    await client.reload(UNHURRIED);
    const count = client.withModule<{ count(list: unknown[]): number }>();
    assertEquals(await count.run((m, list) => m.count(list), MIXED), MIXED.length);
  });

  Deno.test(`${name}: run() lets other commands be pipelined when a large parameter had the same query`, async () => {
    await using client = await startClient(server, UNHURRIED);
    assertEquals(await client.run(ECHO, LARGE), LARGE);
    await using others = new Callers(client, 8);
    await others.moreAnswers(50);
    const results = await Promise.all([1, 2, 3].map(() => client.run(ECHO, LARGE)));
    assertEquals(results, [LARGE, LARGE, LARGE]);
    await others.moreAnswers(50);
    await others.stopUnharmed();
    assert(client.stats().pipelined > 0);
  });

  Deno.test(`${name}: run() stops sending pieces when its signal aborts or its time is up`, async () => {
    await using client = await startClient(server, UNHURRIED);
    await using others = new Callers(client, 2);
    const controller = new AbortController();
    const aborted = client.run(ECHO, MIXED, { signal: controller.signal });
    controller.abort(new Error("no longer wanted"));
    await assertRejects(() => aborted, Error, "no longer wanted");
    await assertRejectsWith(client.run(ECHO, MIXED, { timeoutUs: 1 }), "TIMEOUT");
    assertEquals(await client.run("(_, p) => p.length", LARGE), LARGE.length);
    await others.stopUnharmed();
    assertEquals(client.stats().restarts, 0);
  });

  Deno.test(`${name}: run() interrupts a command after its large parameter has come`, async () => {
    await using client = await startClient(server, { maxCommandRuntimeUs: 1_000_000 });
    await assertRejects(
      () => client.run("() => { for (;;); }", LARGE),
      JSockDJSException,
      "interrupted",
    );
    await assertRecovers(client);
  });

  Deno.test(`${name}: run() sends a large parameter to the next server when one dies before it begins`, async () => {
    await using client = await startClient(server, { ...UNHURRIED, maxRestartsPerMinute: 5 });
    const { promise: hasBegun, resolve } = Promise.withResolvers<void>();
    const begun = client.run("() => { JSockD.sendMessage(1); for (;;); }", null, () => resolve());
    const exited = assertRejectsWith(begun, "SERVER_EXITED");
    const queued = client.run("(_, p) => p.length", LARGE);
    await hasBegun;
    Deno.kill(client.pid, "SIGKILL");
    await exited;
    assertEquals(await queued, LARGE.length);
  });

  Deno.test(`${name}: run() rejects with INVALID_COMMAND when a parameter exceeds maxParamBytes`, async () => {
    for (
      const [maxParamBytes, length, limit] of [
        [0, 1_048_574, 1_048_575],
        [1_048_575, 1_048_574, 1_048_575],
        [1_048_576, 1_048_575, 1_048_576],
        [undefined, 67_108_863, 67_108_864],
      ] as const
    ) {
      const fields = maxParamBytes === undefined ? {} : { maxParamBytes };
      await using client = await startClient(server, { ...UNHURRIED, ...fields });
      const error = await assertRejectsWith(
        client.run(ECHO, "x".repeat(length)),
        "INVALID_COMMAND",
        `it has ${length + 2} bytes, the limit is ${limit}`,
      );
      assert(error.message.startsWith('Cannot send the parameter "\\"xxx'), error.message);
      if (limit > 1_048_575) assert(error.message.includes("maxParamBytes"), error.message);
      const largest = maxParamBytes === undefined ? LARGE : "x".repeat(limit - 2);
      assertEquals(await client.run("(_, p) => p.length", largest), largest.length);
      await assertRejectsWith(client.run("a\0b", LARGE), "INVALID_COMMAND");
      assertEquals(client.stats().restarts, 0);
    }
  });
}
