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

/** Runs a query until the client has learnt that it is quick and quiet, and lets two of it share a thread. */
async function learn(client: JSockDClient, query: string): Promise<void> {
  const { pipelined } = client.stats();
  for (let tries = 0; client.stats().pipelined === pipelined; tries++) {
    assert(tries < 1_000, "Two commands never shared a thread");
    await Promise.all([client.run(query, 0), client.run(query, 0)]);
  }
}

for (const { name, command, version } of servers) {
  const config = quiet({ nThreads: 1, jsockdVersion: version });

  Deno.test(`${name}: known quick queries share a thread, and each gets its own answer`, async () => {
    await using client = await initJSockDClient(config, command);
    await learn(client, INCREMENT);
    const results = numbers(5_000).map((n) => client.run(INCREMENT, n));
    assertEquals(await Promise.all(results), numbers(5_000).map((n) => n + 1));
  });

  Deno.test(`${name}: maxPipelineDepth limits what is in flight on a thread`, async () => {
    for (const maxPipelineDepth of [1, 4]) {
      await using client = await initJSockDClient({ ...config, maxPipelineDepth }, command);
      if (maxPipelineDepth > 1) await learn(client, INCREMENT);
      const results = numbers(100).map((n) => client.run(INCREMENT, n));
      const { inFlight, queued } = client.stats();
      assert(inFlight <= maxPipelineDepth);
      assertEquals(inFlight + queued, 100);
      assertEquals(await Promise.all(results), numbers(100).map((n) => n + 1));
      if (maxPipelineDepth === 1) assertEquals(client.stats().pipelined, 0);
    }
  });

  Deno.test(`${name}: an unknown query runs alone, and nothing behind it`, async () => {
    await using client = await initJSockDClient(config, command);
    await learn(client, INCREMENT);
    const { pipelined } = client.stats();
    const unknown = client.run("() => 'unknown'");
    const known = client.run(INCREMENT, 1);
    assertEquals([client.stats().inFlight, client.stats().queued], [1, 1]);
    assertEquals(await Promise.all([unknown, known]), ["unknown", 2]);
    assertEquals(client.stats().pipelined, pipelined);
  });

  Deno.test(`${name}: a command with a message handler runs alone`, async () => {
    await using client = await initJSockDClient(config, command);
    await learn(client, INCREMENT);
    const withHandler = client.run(INCREMENT, 1, () => 0);
    const without = client.run(INCREMENT, 2);
    assertEquals([client.stats().inFlight, client.stats().queued], [1, 1]);
    assertEquals(await Promise.all([withHandler, without]), [2, 3]);
  });

  Deno.test(`${name}: a slow query is not put behind another one`, async () => {
    await using client = await initJSockDClient(config, command);
    for (const ms of [2, 2, 2, 2]) await client.run(BUSY_MS, ms);
    const slow = [client.run(BUSY_MS, 1), client.run(BUSY_MS, 1), client.run(BUSY_MS, 1)];
    assertEquals([client.stats().inFlight, client.stats().queued], [1, 2]);
    await Promise.all(slow);
    assertEquals(client.stats().pipelined, 0);
  });

  Deno.test(`${name}: an unknown query is not overtaken for ever`, async () => {
    await using client = await initJSockDClient(config, command);
    await learn(client, INCREMENT);
    let done = false;
    const callers = numbers(64).map(async (n) => {
      while (!done) assertEquals(await client.run(INCREMENT, n), n + 1);
    });
    assertEquals(await client.run("() => 'unknown'"), "unknown");
    done = true;
    await Promise.all(callers);
  });

  Deno.test(`${name}: a query that begins to send messages in a crowd rejects alone`, async () => {
    await using client = await initJSockDClient(config, command);
    const traitor = "(_, n) => n === 0 ? 0 : JSockD.sendMessage(n)";
    await learn(client, INCREMENT);
    await learn(client, traitor);
    for (const round of numbers(5)) {
      if (round > 0) await client.run(traitor, 0);
      const before = numbers(10).map((n) => client.run(INCREMENT, n));
      const betrayal = client.run(traitor, 1);
      const after = numbers(50).map((n) => client.run(INCREMENT, n));
      const error = await assertRejects(() => betrayal, JSockDClientError);
      assertEquals(error.code, "MESSAGE_HANDLER");
      assertEquals(await Promise.all(before), numbers(10).map((n) => n + 1));
      assertEquals(await Promise.all(after), numbers(50).map((n) => n + 1));
    }
    assertEquals(await client.run(traitor, 1, (n) => n + 41), 42);
  });

  Deno.test(`${name}: commands behind one that is interrupted get their answers`, async () => {
    await using client = await initJSockDClient(
      { ...config, maxCommandRuntimeUs: 50_000 },
      command,
    );
    await learn(client, INCREMENT);
    await learn(client, LOOP_IF);
    const endless = client.run(LOOP_IF, 1);
    const behind = numbers(20).map((n) => client.run(INCREMENT, n));
    await assertRejects(() => endless, Error, "interrupted");
    assertEquals(await Promise.all(behind), numbers(20).map((n) => n + 1));
  });

  Deno.test(`${name}: of what shares a thread that dies, only the first may have begun`, async () => {
    await using client = await initJSockDClient({ ...config, maxPipelineDepth: 8 }, command);
    await learn(client, INCREMENT);
    await learn(client, BUSY_MS);
    const first = client.run(BUSY_MS, 200);
    const behind = numbers(20).map((n) => client.run(INCREMENT, n));
    // Written in a microtask: once a macrotask has passed, the server has it.
    await new Promise((resolve) => setTimeout(resolve));
    Deno.kill(client.pid, "SIGKILL");
    const error = await assertRejects(() => first, JSockDClientError, "signal SIGKILL");
    assertEquals(error.code, "SERVER_EXITED");
    assertEquals(await Promise.all(behind), numbers(20).map((n) => n + 1));
  });
}
