import { assert, assertEquals, assertRejects } from "@std/assert";
import { initJSockDClient, type JSockDClient, JSockDClientError } from "../../mod.ts";
import { servers } from "../conformance/servers.ts";
import { quiet } from "../support/quiet.ts";

const INCREMENT = "(_, n) => n + 1";
const BUSY_MS = "(_, ms) => { const end = Date.now() + ms; while (Date.now() < end); return ms }";
const LOOP_IF = "(_, n) => { while (n); return n }";

function numbers(length: number): number[] {
  return Array.from({ length }, (_, n) => n);
}

/**
 * Runs a query until the client has learnt that it is quick and sends no messages, and pipelines
 * it.
 */
async function runUntilPipelined(client: JSockDClient, query: string): Promise<void> {
  const { pipelined } = client.stats();
  for (let tries = 0; client.stats().pipelined === pipelined; tries++) {
    assert(tries < 1_000, "The client never pipelined the query");
    await Promise.all([client.run(query, 0), client.run(query, 0)]);
  }
}

function errorCode(outcome: PromiseSettledResult<unknown>): unknown {
  return outcome.status === "rejected" ? outcome.reason.code : undefined;
}

for (const { name, command, version, differences } of servers) {
  const config = quiet({ nThreads: 1, jsockdVersion: version });

  Deno.test(`${name}: run() gives each command its own result when quick queries are pipelined`, async () => {
    await using client = await initJSockDClient(config, command);
    await runUntilPipelined(client, INCREMENT);
    const results = numbers(5_000).map((n) => client.run(INCREMENT, n));
    assertEquals(await Promise.all(results), numbers(5_000).map((n) => n + 1));
  });

  Deno.test(`${name}: run() has no more than maxPipelineDepth commands in flight on a thread`, async () => {
    for (const maxPipelineDepth of [1, 4]) {
      await using client = await initJSockDClient({ ...config, maxPipelineDepth }, command);
      if (maxPipelineDepth > 1) await runUntilPipelined(client, INCREMENT);
      const results = numbers(100).map((n) => client.run(INCREMENT, n));
      const { inFlight, queued } = client.stats();
      assert(inFlight <= maxPipelineDepth);
      assertEquals(inFlight + queued, 100);
      assertEquals(await Promise.all(results), numbers(100).map((n) => n + 1));
      if (maxPipelineDepth === 1) assertEquals(client.stats().pipelined, 0);
    }
  });

  Deno.test(`${name}: run() pipelines nothing behind a query that it does not know`, async () => {
    await using client = await initJSockDClient(config, command);
    await runUntilPipelined(client, INCREMENT);
    const { pipelined } = client.stats();
    const unknown = client.run("() => 'unknown'");
    const known = client.run(INCREMENT, 1);
    assertEquals([client.stats().inFlight, client.stats().queued], [1, 1]);
    assertEquals(await Promise.all([unknown, known]), ["unknown", 2]);
    assertEquals(client.stats().pipelined, pipelined);
  });

  Deno.test(`${name}: run() pipelines nothing behind a command when that has a message handler`, async () => {
    await using client = await initJSockDClient(config, command);
    await runUntilPipelined(client, INCREMENT);
    const withHandler = client.run(INCREMENT, 1, () => 0);
    const without = client.run(INCREMENT, 2);
    assertEquals([client.stats().inFlight, client.stats().queued], [1, 1]);
    assertEquals(await Promise.all([withHandler, without]), [2, 3]);
  });

  Deno.test(`${name}: run() does not pipeline a slow query`, async () => {
    await using client = await initJSockDClient(config, command);
    for (const ms of [2, 2, 2, 2]) await client.run(BUSY_MS, ms);
    const slow = [client.run(BUSY_MS, 1), client.run(BUSY_MS, 1), client.run(BUSY_MS, 1)];
    assertEquals([client.stats().inFlight, client.stats().queued], [1, 2]);
    await Promise.all(slow);
    assertEquals(client.stats().pipelined, 0);
  });

  Deno.test(`${name}: run() runs an unknown query even when known ones keep coming`, async () => {
    await using client = await initJSockDClient(config, command);
    await runUntilPipelined(client, INCREMENT);
    let done = false;
    const callers = numbers(64).map(async (n) => {
      while (!done) assertEquals(await client.run(INCREMENT, n), n + 1);
    });
    assertEquals(await client.run("() => 'unknown'"), "unknown");
    done = true;
    await Promise.all(callers);
  });

  Deno.test(`${name}: run() rejects only the command that sends a message when others are pipelined`, async () => {
    await using client = await initJSockDClient(config, command);
    const sendIfNot0 = "(_, n) => n === 0 ? 0 : JSockD.sendMessage(n)";
    await runUntilPipelined(client, INCREMENT);
    await runUntilPipelined(client, sendIfNot0);
    for (const round of numbers(5)) {
      if (round > 0) await client.run(sendIfNot0, 0);
      const before = numbers(10).map((n) => client.run(INCREMENT, n));
      const sending = client.run(sendIfNot0, 1);
      const after = numbers(50).map((n) => client.run(INCREMENT, n));
      const error = await assertRejects(() => sending, JSockDClientError);
      assertEquals(error.code, "MESSAGE_HANDLER");
      assertEquals(await Promise.all(before), numbers(10).map((n) => n + 1));
      assertEquals(await Promise.all(after), numbers(50).map((n) => n + 1));
    }
    assertEquals(await client.run(sendIfNot0, 1, (n) => n + 41), 42);
  });

  Deno.test(`${name}: run() resolves when the command before it in the pipeline is interrupted`, async () => {
    await using client = await initJSockDClient(
      { ...config, maxCommandRuntimeUs: 50_000 },
      command,
    );
    await runUntilPipelined(client, INCREMENT);
    await runUntilPipelined(client, LOOP_IF);
    const endless = client.run(LOOP_IF, 1);
    const behind = numbers(20).map((n) => client.run(INCREMENT, n));
    await assertRejects(() => endless, Error, "interrupted");
    assertEquals(await Promise.all(behind), numbers(20).map((n) => n + 1));
  });

  Deno.test(`${name}: run() rejects only what may have begun when the server dies`, async () => {
    await using client = await initJSockDClient({ ...config, maxPipelineDepth: 8 }, command);
    await runUntilPipelined(client, INCREMENT);
    await runUntilPipelined(client, BUSY_MS);
    const first = client.run(BUSY_MS, 200);
    const behind = Promise.allSettled(numbers(20).map((n) => client.run(INCREMENT, n)));
    // The client writes in a microtask. After one macrotask, the server has the commands.
    await new Promise((resolve) => setTimeout(resolve));
    const { inFlight } = client.stats();
    Deno.kill(client.pid, "SIGKILL");
    const error = await assertRejects(() => first, JSockDClientError, "signal SIGKILL");
    assertEquals(error.code, "SERVER_EXITED");
    // A server that runs ahead may have begun all that it was sent.
    const begun = differences.runsAhead ? inFlight - 1 : 0;
    for (const [n, outcome] of (await behind).entries()) {
      if (n < begun) {
        assertEquals([outcome.status, errorCode(outcome)], ["rejected", "SERVER_EXITED"]);
      } else assertEquals(outcome, { status: "fulfilled", value: n + 1 });
    }
  });
}
