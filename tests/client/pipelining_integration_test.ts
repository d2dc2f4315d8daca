import { assert, assertEquals, assertRejects } from "@std/assert";
import { initJSockDClient, type JSockDClient, JSockDClientError } from "../../mod.ts";
import { servers } from "../conformance/servers.ts";
import { quiet } from "./quiet.ts";

const INCREMENT = "(_, n) => n + 1";
const BUSY_MS = "(_, ms) => { const end = Date.now() + ms; while (Date.now() < end); return ms }";
const LOOP_IF = "(_, n) => { while (n); return n }";

function numbers(length: number): number[] {
  return Array.from({ length }, (_, n) => n);
}

/** Lets a client learn how long a query takes when it is compiled. */
async function learn(client: JSockDClient, query: string, param: number): Promise<void> {
  for (const _ of numbers(20)) await client.run(query, param);
}

for (const { name, command, version } of servers) {
  const config = quiet({ nThreads: 1, jsockdVersion: version });

  Deno.test(`${name}: known quick queries share a thread, and each gets its own answer`, async () => {
    await using client = await initJSockDClient(config, command);
    await learn(client, INCREMENT, 0);
    const results = numbers(5_000).map((n) => client.run(INCREMENT, n));
    const { inFlight } = client.stats();
    assertEquals(await Promise.all(results), numbers(5_000).map((n) => n + 1));
    assert(inFlight > 1);
    assert(client.stats().pipelined > 0);
  });

  Deno.test(`${name}: maxPipelineDepth limits what is in flight on a thread`, async () => {
    for (const maxPipelineDepth of [1, 4]) {
      await using client = await initJSockDClient({ ...config, maxPipelineDepth }, command);
      await learn(client, INCREMENT, 0);
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
    await learn(client, INCREMENT, 0);
    const unknown = client.run("() => 'unknown'");
    const known = client.run(INCREMENT, 1);
    assertEquals([client.stats().inFlight, client.stats().queued], [1, 1]);
    assertEquals(await Promise.all([unknown, known]), ["unknown", 2]);
    assertEquals(client.stats().pipelined, 0);
  });

  Deno.test(`${name}: a command with a message handler runs alone`, async () => {
    await using client = await initJSockDClient(config, command);
    await learn(client, INCREMENT, 0);
    const withHandler = client.run(INCREMENT, 1, () => 0);
    const without = client.run(INCREMENT, 2);
    assertEquals([client.stats().inFlight, client.stats().queued], [1, 1]);
    assertEquals(await Promise.all([withHandler, without]), [2, 3]);
  });

  Deno.test(`${name}: a slow query is not put behind another one`, async () => {
    await using client = await initJSockDClient(config, command);
    await learn(client, BUSY_MS, 2);
    const slow = [client.run(BUSY_MS, 1), client.run(BUSY_MS, 1), client.run(BUSY_MS, 1)];
    assertEquals([client.stats().inFlight, client.stats().queued], [1, 2]);
    await Promise.all(slow);
    assertEquals(client.stats().pipelined, 0);
  });

  Deno.test(`${name}: an unknown query is not overtaken for ever`, async () => {
    await using client = await initJSockDClient(config, command);
    await learn(client, INCREMENT, 0);
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
    await learn(client, INCREMENT, 0);
    await learn(client, traitor, 0);
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
    await learn(client, INCREMENT, 0);
    await learn(client, LOOP_IF, 0);
    const endless = client.run(LOOP_IF, 1);
    const behind = numbers(20).map((n) => client.run(INCREMENT, n));
    await assertRejects(() => endless, Error, "interrupted");
    assertEquals(await Promise.all(behind), numbers(20).map((n) => n + 1));
  });

  Deno.test(`${name}: of what shares a thread that dies, only the first may have begun`, async () => {
    await using client = await initJSockDClient({ ...config, maxPipelineDepth: 8 }, command);
    await learn(client, INCREMENT, 0);
    await learn(client, BUSY_MS, 0);
    const first = client.run(BUSY_MS, 200);
    const behind = numbers(20).map((n) => client.run(INCREMENT, n));
    assert(client.stats().inFlight > 1);
    // Written in a microtask: once a macrotask has passed, the server has it.
    await new Promise((resolve) => setTimeout(resolve));
    Deno.kill(client.pid, "SIGKILL");
    const error = await assertRejects(() => first, JSockDClientError, "signal SIGKILL");
    assertEquals(error.code, "SERVER_EXITED");
    assertEquals(await Promise.all(behind), numbers(20).map((n) => n + 1));
  });
}
