import { assert, assertEquals } from "@std/assert";
import { servers } from "../conformance/servers.ts";
import { assertRecovers, Callers, ECHO } from "./callers.ts";
import { startClient } from "../support/start_client.ts";
import { type Fault, HostileServer } from "./hostile.ts";
import { isRunning, stop } from "../support/processes.ts";
import { assertRejectsWith } from "./rejections.ts";
import { until } from "../support/until.ts";
import { within } from "../support/within.ts";

/** Long enough for a server to start on a busy machine, short enough to wait for. */
const TIMEOUT_US = 1_500_000;

/**
 * With IMPATIENT the client soon ends a silent server. PATIENT commands wait for longer than that.
 */
const IMPATIENT = { timeoutUs: TIMEOUT_US, maxCommandRuntimeUs: 100_000 };
const PATIENT = { timeoutUs: 60_000_000 };

Deno.test("initJSockDClient() rejects with START_TIMEOUT when the server never becomes ready", async () => {
  const start = HostileServer.start({ timeoutUs: 500_000 }, "never becomes ready");
  await assertRejectsWith(start, "START_TIMEOUT", "not ready within 500000 µs");
});

Deno.test("JSockDClient kills and restarts the server when it reads nothing", async () => {
  await using hostile = await HostileServer.start(IMPATIENT, "reads nothing@1");
  const { client } = hostile;
  const sent = client.run(ECHO, 1, PATIENT);
  const queued = client.run(ECHO, 2, PATIENT);
  await assertRejectsWith(sent, "TIMEOUT", "the server had to be ended");
  assertEquals(await queued, 2);
  assertEquals(client.stats().restarts, 1);
});

Deno.test("JSockDClient kills the server when one thread is silent and others answer", async () => {
  await using hostile = await HostileServer.start({ nThreads: 2, ...IMPATIENT });
  const { client } = hostile;
  await using others = new Callers(client, 4);
  const unanswered = hostile.run("never answer", 1, PATIENT);
  await assertRejectsWith(unanswered, "TIMEOUT", "the server had to be ended");
  await others.moreAnswers(100);
  await others.stopUnharmed();
});

Deno.test("run() rejects with TIMEOUT when the server never answers", async () => {
  await using hostile = await HostileServer.start(IMPATIENT);
  const { client } = hostile;
  const unanswered = hostile.run("never answer", 1, { timeoutUs: 50_000 });
  await assertRejectsWith(unanswered, "TIMEOUT", "within 50000 µs");
  assertEquals(client.stats().inFlight, 1, "It is still in flight");
  assertEquals(await client.run(ECHO, 1, PATIENT), 1);
  assertEquals(client.stats().restarts, 1);
});

const RESET_FAULTS: readonly Fault[] = ["ignores ?reset@1", "chatters and ignores ?reset@1"];

for (const fault of RESET_FAULTS) {
  Deno.test(`JSockDClient kills and restarts the server when it ${fault}`, async () => {
    await using hostile = await HostileServer.start(IMPATIENT, fault);
    const { client } = hostile;
    const untrusted = hostile.run("answer with a wrong id", 1);
    const queued = client.run(ECHO, 2, { timeoutUs: 10_000_000 });
    await assertRejectsWith(untrusted, "PROTOCOL");
    assertEquals(await queued, 2);
    assertEquals(client.stats().restarts, 1);
  });
}

Deno.test("JSockDClient sends ?reset again when one is lost", async () => {
  await using hostile = await HostileServer.start({}, "loses the first ?reset");
  const { client } = hostile;
  for (let round = 0; round < 3; round++) {
    await assertRejectsWith(hostile.run("answer with a wrong id", 1), "PROTOCOL");
    assertEquals(await client.run(ECHO, round), round);
  }
  assertEquals(client.stats().restarts, 0);
});

for (const server of servers) {
  Deno.test(`${server.name}: JSockDClient kills and restarts the server when it is stopped`, async () => {
    await using client = await startClient(server, { nThreads: 2, ...IMPATIENT });
    await client.run(ECHO, 0);
    const { pid } = client;
    await stop(pid);
    const sent = client.run(ECHO, 1, PATIENT);
    await assertRejectsWith(client.run(ECHO, 2, { timeoutUs: 50_000 }), "TIMEOUT");
    await assertRejectsWith(sent, "TIMEOUT", "the server had to be ended");
    await assertRecovers(client);
    assert(client.pid !== pid);
    // A stopped process that was left behind could continue later.
    await until(() => !isRunning(pid), "the end of the server");
  });

  Deno.test(`${server.name}: JSockDClient keeps the server when it is stopped for a moment`, async () => {
    await using client = await startClient(server, { maxCommandRuntimeUs: 10_000_000 });
    await stop(client.pid);
    const commands = [1, 2, 3].map((n) => client.run(ECHO, n));
    await assertRejectsWith(client.run(ECHO, 4, { timeoutUs: 100_000 }), "TIMEOUT");
    Deno.kill(client.pid, "SIGCONT");
    assertEquals(await Promise.all(commands), [1, 2, 3]);
    assertEquals(client.stats().restarts, 0);
  });

  Deno.test(`${server.name}: close() ends the server when it is stopped`, async () => {
    const client = await startClient(server, { timeoutUs: TIMEOUT_US });
    const { pid } = client;
    await stop(pid);
    const pending = assertRejectsWith(client.run(ECHO, 1), "CLOSED");
    await within(client.close(), "the end of a server that is stopped");
    await pending;
    assert(!isRunning(pid));
  });
}

Deno.test("JSockDClient keeps the server when a message handler is slow", async () => {
  await using hostile = await HostileServer.start({ timeoutUs: 500_000, maxCommandRuntimeUs: 1 });
  const { promise: gate, resolve: open } = Promise.withResolvers<number>();
  const slow = hostile.run("send a message", 1, { messageHandler: () => gate, ...PATIENT });
  // These take longer than the time after which the client would end the server.
  for (let round = 0; round < 3; round++) {
    const queued = hostile.client.run(ECHO, 1, { timeoutUs: 400_000 });
    await assertRejectsWith(queued, "TIMEOUT");
  }
  open(2);
  assertEquals(await slow, 2);
  await until(() => hostile.client.stats().inFlight === 0, "the answer");
  assertEquals(hostile.client.stats().restarts, 0);
});
