import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { initJSockDClient, JSockDClientError, JSockDJSException } from "../../mod.ts";
import { servers } from "../conformance/servers.ts";
import { stop } from "../support/processes.ts";
import { quiet } from "../support/quiet.ts";

const INCREMENT = "(_, n) => n + 1";

for (const { name, command, version } of servers) {
  Deno.test(`${name}: run() resolves to the result of text and of functions`, async () => {
    await using client = await initJSockDClient(
      quiet({ jsockdVersion: version, nThreads: 1 }),
      command,
    );
    assertEquals(await client.run<number>(INCREMENT, 41), 42);
    assertEquals(await client.run((_, n: number) => n + 1, 41), 42);
    assertEquals(await client.run(async (_, n: number) => await n + 1, 41), 42);
    assertEquals(
      await client.run(function named(_, text: string) {
        return text.toUpperCase();
      }, "é\u{1f600}\n"),
      "É\u{1f600}\n",
    );
    function declared(_module: unknown, { list }: { list: number[] }) {
      return { sum: list.reduce((a, b) => a + b), list };
    }
    assertEquals(await client.run(declared, { list: [1, 2] }), { sum: 3, list: [1, 2] });
  });

  Deno.test(`${name}: run() sends undefined as null`, async () => {
    await using client = await initJSockDClient(
      quiet({ jsockdVersion: version, nThreads: 1 }),
      command,
    );
    assertEquals(await client.run("(_, p) => [p === null, typeof p]"), [true, "object"]);
  });

  Deno.test(`${name}: runRaw() takes and returns JSON text`, async () => {
    await using client = await initJSockDClient(
      quiet({ jsockdVersion: version, nThreads: 1 }),
      command,
    );
    assertEquals(await client.runRaw("(_, p) => p", ' { "a" : [1, "é"] } '), '{"a":[1,"é"]}');
    assertEquals(
      await client.runRaw(
        "() => JSockD.sendMessage({ ask: 1 })",
        "null",
        (json) => `{"asked":${json}}`,
      ),
      '{"asked":{"ask":1}}',
    );
  });

  Deno.test(`${name}: run() rejects only the command whose JavaScript throws`, async () => {
    await using client = await initJSockDClient(
      quiet({ jsockdVersion: version, nThreads: 1 }),
      command,
    );
    const results = await Promise.allSettled([
      client.run(INCREMENT, 1),
      client.run("() => { throw new TypeError('boom') }"),
      client.run("not JavaScript ("),
      client.run("() => undefined"),
      client.run(INCREMENT, 2),
    ]);
    assertEquals(
      results.map((result) => result.status === "fulfilled" ? result.value : result.reason.message),
      [2, "TypeError: boom", "error compiling command", "unserializable return value", 3],
    );
    const thrown = (results[1] as PromiseRejectedResult).reason;
    assertInstanceOf(thrown, JSockDJSException);
    assertEquals(thrown.trace[0]?.source, "<buffer>");
    assertEquals(JSON.parse(thrown.resultJson).errorMessage, "TypeError: boom");
  });

  Deno.test(`${name}: run() answers each message when the handler is sync or async`, async () => {
    await using client = await initJSockDClient(
      quiet({ jsockdVersion: version, nThreads: 1 }),
      command,
    );
    const query = "(_, n) => { let s = 0; while (n-- > 0) s += JSockD.sendMessage(n); return s }";
    assertEquals(await client.run(query, 10, (n) => n * 2), 90);
    assertEquals(await client.run(query, 10, async (n) => await Promise.resolve(n * 2)), 90);
    const seen: unknown[] = [];
    assertEquals(
      await client.run("() => [JSockD.sendMessage({ a: 'é' }), JSockD.sendMessage(null)]", null, {
        messageHandler: (message) => {
          seen.push(message);
          return message === null ? undefined : { ok: message };
        },
      }),
      [{ ok: { a: "é" } }, null],
    );
    assertEquals(seen, [{ a: "é" }, null]);
  });

  Deno.test(`${name}: run() resolves when it is called in a message handler`, async () => {
    await using client = await initJSockDClient(
      quiet({ jsockdVersion: version, nThreads: 2 }),
      command,
    );
    const query = "(_, n) => JSockD.sendMessage(n) + 1";
    assertEquals(await client.run(query, 40, (n) => client.run(INCREMENT, n)), 42);
  });

  Deno.test(`${name}: run() rejects only the command whose message cannot be answered`, async () => {
    await using client = await initJSockDClient(
      quiet({ jsockdVersion: version, nThreads: 1 }),
      command,
    );
    const send = "() => JSockD.sendMessage('?')";
    const boom = new RangeError("boom");
    const cases: [options: Parameters<typeof client.run>[2], cause: unknown][] = [
      [() => {
        throw boom;
      }, boom],
      [() => Promise.reject(boom), boom],
      [() => 1n, undefined],
      [() => () => 1, undefined],
      [() => "x".repeat(1 << 20), undefined],
      [undefined, undefined],
    ];
    for (const [options, cause] of cases) {
      const [error] = await Promise.all([
        assertRejects(() => client.run(send, null, options), JSockDClientError),
        client.run(INCREMENT, 1),
      ]);
      assertEquals(error.code, "MESSAGE_HANDLER");
      if (cause === undefined) assertInstanceOf(error.cause, Error);
      else assertEquals(error.cause, cause);
    }
    const raw = await assertRejects(
      () => client.runRaw(send, "null", () => "not JSON"),
      JSockDClientError,
    );
    assertEquals(raw.code, "MESSAGE_HANDLER");
    assertEquals(await client.run(INCREMENT, 41), 42);
  });

  Deno.test(`${name}: run() ignores further messages when the handler has failed once`, async () => {
    await using client = await initJSockDClient(
      quiet({ jsockdVersion: version, nThreads: 1 }),
      command,
    );
    let calls = 0;
    const error = await assertRejects(
      () =>
        client.run(
          "() => { for (let i = 0; i < 3; i++) try { JSockD.sendMessage(i) } catch {} return 'on' }",
          null,
          () => {
            calls++;
            throw new Error("no");
          },
        ),
      JSockDClientError,
    );
    assertEquals([error.code, calls], ["MESSAGE_HANDLER", 1]);
    assertEquals(await client.run(INCREMENT, 41), 42);
  });

  Deno.test(`${name}: run() resynchronises the connection when JavaScript throws after a message`, async () => {
    await using client = await initJSockDClient(
      quiet({ jsockdVersion: version, nThreads: 1 }),
      command,
    );
    for (let i = 0; i < 5; i++) {
      await assertRejects(
        () =>
          client.run("() => { JSockD.sendMessage(1); throw new Error('after') }", null, () => 2),
        JSockDJSException,
        "after",
      );
      assertEquals(await client.run(INCREMENT, i), i + 1);
    }
  });

  Deno.test(`${name}: run() rejects with INVALID_COMMAND only the command that cannot be sent`, async () => {
    await using client = await initJSockDClient(
      quiet({ jsockdVersion: version, nThreads: 1, maxParamBytes: 0 }),
      command,
    );
    const large = "x".repeat(1 << 20);
    const refused: [() => Promise<unknown>, string][] = [
      [() => client.run("a\0b"), 'Cannot send the query "a\\u0000b": it holds a NUL'],
      [() => client.run("?quit"), "it begins with '?'"],
      [() => client.run(""), 'Cannot send the query "": it is empty'],
      [() => client.run(`"${large}"`), "it has 1048578 bytes, the limit is 1048575"],
      [() => client.run(INCREMENT, large), "Cannot send the parameter"],
      [() => client.run(INCREMENT, "é".repeat(600_000)), "it has 1200002 bytes"],
      [() => client.run(INCREMENT, 1n), "BigInt"],
      [() => client.run(Math.max as never, 1), "function 'max'"],
      [() => client.runRaw(INCREMENT, "?quit"), "not JSON"],
      [() => client.runRaw(INCREMENT, ""), "not JSON"],
      [() => client.run(INCREMENT, 1, { timeoutUs: 0 }), "as timeoutUs"],
      [() => client.run(INCREMENT, 1, { messageHandler: 1 as never }), "as messageHandler"],
    ];
    for (const [run, message] of refused) {
      const [error] = await Promise.all([
        assertRejects(run, JSockDClientError, message),
        client.run(INCREMENT, 1),
      ]);
      assertEquals(error.code, "INVALID_COMMAND");
    }
    assertEquals(client.stats().completed, refused.length);
  });

  Deno.test(`${name}: run() gives each of many concurrent callers its own result`, async () => {
    await using client = await initJSockDClient(
      quiet({ jsockdVersion: version, nThreads: 2 }),
      command,
    );
    const numbers = Array.from({ length: 500 }, (_, i) => i);
    const results = await Promise.all(numbers.map((n) => client.run(INCREMENT, n)));
    assertEquals(results, numbers.map((n) => n + 1));
    const { threads, inFlight, queued, completed, failed } = client.stats();
    assertEquals([threads, inFlight, queued, completed, failed], [2, 0, 0, 500, 0]);
  });

  Deno.test(`${name}: run() resolves at once when a slow command is on another thread`, async () => {
    await using client = await initJSockDClient(
      quiet({ jsockdVersion: version, nThreads: 2 }),
      command,
    );
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const slow = client.run("() => JSockD.sendMessage('wait')", null, () => gate);
    const quick = Array.from({ length: 20 }, (_, i) => client.run(INCREMENT, i));
    assertEquals((await Promise.all(quick)).length, 20);
    assertEquals(client.stats().inFlight, 1);
    open();
    assertEquals(await slow, null);
  });

  Deno.test(`${name}: run() rejects with TIMEOUT and drops the late answer when the server is too slow`, async () => {
    await using client = await initJSockDClient(
      quiet({ jsockdVersion: version, nThreads: 1 }),
      command,
    );
    await stop(client.pid);
    const late = client.run("() => 'late'", null, { timeoutUs: 20_000 });
    const behind = client.run(INCREMENT, 1);
    const error = await assertRejects(() => late, JSockDClientError, "within 20000 µs");
    assertEquals(error.code, "TIMEOUT");
    assertEquals([client.stats().inFlight, client.stats().queued], [1, 1]);
    Deno.kill(client.pid, "SIGCONT");
    assertEquals(await behind, 2);
    assertEquals(client.stats().restarts, 0);
  });

  Deno.test(`${name}: run() rejects with the signal's reason when it aborts a queued or sent command`, async () => {
    await using client = await initJSockDClient(
      quiet({ jsockdVersion: version, nThreads: 1 }),
      command,
    );
    const controller = new AbortController();
    const { signal } = controller;
    const { promise: started, resolve: start } = Promise.withResolvers<void>();
    const sent = client.run("() => JSockD.sendMessage('wait')", null, {
      messageHandler: () => (start(), new Promise(() => {})),
      signal,
    });
    const waiting = client.run(INCREMENT, 1, { signal });
    const other = client.run(INCREMENT, 2);
    await started;
    assertEquals([client.stats().inFlight, client.stats().queued], [1, 2]);
    const reason = new Error("enough");
    controller.abort(reason);
    for (const promise of [sent, waiting, client.run(INCREMENT, 1, { signal })]) {
      assertEquals(await promise.catch((error) => error), reason);
    }
    // The client refuses the message of the aborted command, so the thread is free again.
    assertEquals(await other, 3);
  });

  Deno.test(`${name}: run() resolves to the whole result when it has some megabytes`, async () => {
    await using client = await initJSockDClient(
      quiet({ jsockdVersion: version, nThreads: 1, maxCommandRuntimeUs: 20_000_000 }),
      command,
    );
    const text = await client.run<string>("(_, n) => 'é'.repeat(n)", 2_000_000);
    assert(text === "é".repeat(2_000_000));
  });
}
