import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { servers } from "../conformance/servers.ts";
import { assertRecovers, Callers, ECHO } from "./callers.ts";
import { startClient } from "../support/start_client.ts";
import { type Fault, HostileServer } from "./hostile.ts";
import type { CommandFault } from "./hostile_commands.ts";
import { assertRejectsWith } from "./rejections.ts";
import { untilPipelined } from "./sharing.ts";
import { advanceClock } from "../support/advance_clock.ts";
import { nextEvent } from "../support/next_event.ts";
import { until } from "../support/until.ts";

const ALWAYS = { maxRestartsPerMinute: 1_000 };

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

Deno.test("initJSockDClient() rejects with SPAWN when the first server exits before READY", async () => {
  const start = HostileServer.start(ALWAYS, "dies before READY@1");
  await assertRejectsWith(start, "SPAWN", "exit code 7 before it was ready");
});

for (const fault of ["is killed before READY", "dies when it is connected to"] as const) {
  Deno.test(`initJSockDClient() restarts the first server when it ${fault}`, async () => {
    await using hostile = await HostileServer.start({}, `${fault}@1`);
    await assertRecovers(hostile.client);
    assertEquals(hostile.client.stats().restarts, 1);
  });
}

const DEATHS_IN_START = [
  "dies before READY",
  "is killed before READY",
  "dies after READY",
  "dies when it is connected to",
] satisfies Fault[];

for (const fault of DEATHS_IN_START) {
  Deno.test(`JSockDClient restarts again when a restarted server ${fault}`, async () => {
    await using hostile = await HostileServer.start(ALWAYS, `${fault}@2`, `${fault}@3`);
    const { client } = hostile;
    const begun = assertRejectsWith(hostile.run("die without an answer", 1), "SERVER_EXITED");
    const queued = Promise.allSettled(numbers(10).map((n) => client.run(ECHO, n)));
    await begun;
    let rejected = 0;
    for (const [n, outcome] of (await queued).entries()) {
      if (outcome.status === "fulfilled") assertEquals(outcome.value, n);
      else rejected++;
    }
    // Once the client is connected, the server may have begun a command on each attempt.
    assert(rejected <= (fault.endsWith("before READY") ? 0 : 2), `${rejected} rejected`);
    assertEquals(hostile.pids.length, 4);
  });
}

const DEATHS: readonly CommandFault[] = [
  "die without an answer",
  "die halfway through the answer",
  "die after sending a message",
  "die on the answer to a message",
];

for (const fault of DEATHS) {
  Deno.test(`run() rejects only the command that makes the server "${fault}"`, async () => {
    await using hostile = await HostileServer.start(ALWAYS);
    const { client } = hostile;
    await client.run(ECHO, 0);
    const begun = hostile.run(fault, 1, { messageHandler: () => 1 });
    const queued = numbers(100).map((n) => client.run(ECHO, n));
    const error = await assertRejectsWith(begun, "SERVER_EXITED", "exit code 7");
    assertStringIncludes(error.message, "Cannot tell whether the command was run");
    assertEquals(await Promise.all(queued), numbers(100));
    assertEquals(client.stats().restarts, 1);
  });
}

Deno.test("run() resolves when the server dies after the answer", async () => {
  await using hostile = await HostileServer.start(ALWAYS);
  for (let n = 1; n <= 3; n++) {
    assertEquals(await hostile.run("die after the answer", n), n);
    await assertRecovers(hostile.client);
  }
});

Deno.test("run() rejects only the first command in flight when the server dies", async () => {
  await using hostile = await HostileServer.start(ALWAYS);
  const { client } = hostile;
  await untilPipelined(client, ECHO, "die without an answer");
  const before = client.run(ECHO, "before");
  const begun = hostile.run("die without an answer", "begun");
  const behind = numbers(20).map((n) => client.run(ECHO, n));
  await assertRejectsWith(begun, "SERVER_EXITED");
  assertEquals(await before, "before");
  assertEquals(await Promise.all(behind), numbers(20));
  assertEquals(client.stats().restarts, 1);
});

Deno.test("run() runs a command on the next server when the first had not read all of it", async () => {
  await using hostile = await HostileServer.start(ALWAYS, "reads nothing@1");
  const { client } = hostile;
  const { pid } = client;
  const large = "x".repeat(1_000_000);
  const commands = Promise.all([client.run(ECHO, large), client.run(ECHO, 1)]);
  Deno.kill(pid, "SIGKILL");
  const [unread, queued] = await commands;
  assert(unread === large);
  assertEquals(queued, 1);
});

Deno.test("run() rejects with SERVER_EXITED and the limit when the server dies too often", async () => {
  await using hostile = await HostileServer.start({ maxRestartsPerMinute: 2 });
  const { client } = hostile;
  for (let n = 0; n < 2; n++) {
    await assertRejectsWith(hostile.run("die without an answer", 1), "SERVER_EXITED");
    await assertRecovers(client);
  }
  const begun = hostile.run("die without an answer", 1);
  const queued = client.run(ECHO, 1);
  await assertRejectsWith(begun, "SERVER_EXITED", "exit code 7");
  const message = "exit code 7, after 2 restarts within a minute; maxRestartsPerMinute is 2";
  await assertRejectsWith(queued, "SERVER_EXITED", message);
  await assertRejectsWith(client.run(ECHO, 1), "SERVER_EXITED", message);
  assertEquals(client.stats(), { ...client.stats(), queued: 0, inFlight: 0, restarts: 2 });
});

Deno.test("JSockDClient restarts again when a minute is over since the restarts were used up", async () => {
  await using hostile = await HostileServer.start({ maxRestartsPerMinute: 1 });
  const { client } = hostile;
  const suspended = nextEvent(client, "suspend");
  await assertRejectsWith(hostile.run("die without an answer", 1), "SERVER_EXITED");
  await assertRecovers(client);
  await assertRejectsWith(hostile.run("die without an answer", 1), "SERVER_EXITED");
  const { reason, retryMs } = await suspended;
  assertStringIncludes(reason, "exit code 7");
  assert(retryMs > 10_000 && retryMs <= 60_000, `${retryMs}`);
  assertEquals(client.stats().serverState, "suspended");
  await assertRejectsWith(client.run(ECHO, 1), "SERVER_EXITED", "the next restart is at 20");

  const ready = nextEvent(client, "ready");
  using _clock = advanceClock(retryMs);
  await ready;
  assertEquals(client.stats().serverState, "running");
  await assertRecovers(client);
});

Deno.test("close() and reload() end the wait of a client whose restarts are used up", async () => {
  await using hostile = await HostileServer.start({ maxRestartsPerMinute: 1 });
  const { client } = hostile;
  for (let n = 0; n < 2; n++) {
    const suspended = nextEvent(client, "suspend");
    await assertRejectsWith(hostile.run("die without an answer", 1), "SERVER_EXITED");
    await client.run(ECHO, 1).catch(() => {});
    await assertRejectsWith(hostile.run("die without an answer", 1), "SERVER_EXITED");
    await suspended;
    if (n === 0) await client.reload({});
  }
  await client.close();
  assertEquals(client.stats().serverState, "ended");
});

Deno.test("run() sends an idempotent command again when its server dies, but only once", async () => {
  await using hostile = await HostileServer.start(ALWAYS);
  const { client } = hostile;
  const { pid } = client;
  const lost = hostile.run<number>("die in the first run", 42, { idempotent: true });
  assertEquals(await lost, 42);
  assertEquals([client.stats().resent, client.stats().restarts], [1, 1]);
  assert(client.pid !== pid);

  const deadly = hostile.run("die without an answer", 1, { idempotent: true });
  const others = numbers(20).map((n) => client.run(ECHO, n, { idempotent: true }));
  await assertRejectsWith(deadly, "SERVER_EXITED", "2 servers ended while it was in flight");
  assertEquals(await Promise.all(others), numbers(20));
  assertEquals([client.stats().resent, client.stats().restarts], [2, 3]);
});

Deno.test("run() runs a command that was lost after those that had not begun", async () => {
  await using hostile = await HostileServer.start(ALWAYS);
  const { client } = hostile;
  await untilPipelined(client, ECHO, "die in the first run");
  const ended: string[] = [];
  const lost = hostile.run("die in the first run", 1, { idempotent: true })
    .then(() => ended.push("lost"));
  const others = numbers(3).map((n) => client.run(ECHO, n).then(() => ended.push("other")));
  const { inFlight } = client.stats();
  await Promise.all([lost, ...others]);
  const order = numbers(3).map(() => "other");
  order.splice(inFlight - 1, 0, "lost");
  assertEquals(ended, order);
});

Deno.test("run() calls the message handler of an idempotent command again when its server dies", async () => {
  await using hostile = await HostileServer.start(ALWAYS);
  const messages: number[] = [];
  const messageHandler = (n: number) => messages.push(n);
  const options = { idempotent: true, messageHandler };
  const dying = hostile.run("die on the answer to a message", 7, options);
  await assertRejectsWith(dying, "SERVER_EXITED", "2 servers");
  assertEquals(messages, [7, 7]);
});

Deno.test("run() rejects with SERVER_EXITED and the reason when no server can be started", async () => {
  const config = { maxRestartsPerMinute: 3 };
  await using hostile = await HostileServer.start(
    config,
    "dies before READY@2",
    "is killed before READY@3",
    "dies before READY@4",
  );
  const begun = hostile.run("die without an answer", 1);
  const queued = hostile.client.run(ECHO, 1);
  await assertRejectsWith(begun, "SERVER_EXITED", "exit code 7");
  await assertRejectsWith(queued, "SERVER_EXITED", "exit code 7 before it was ready");
  assertEquals(hostile.client.stats().restarts, 0);
});

for (const server of servers) {
  Deno.test(`${server.name}: run() never resolves to a wrong result when the server is killed under load`, async () => {
    await using client = await startClient(server, { nThreads: 2, ...ALWAYS });
    await using callers = new Callers(client, 32);
    for (let n = 0; n < 3; n++) {
      await callers.moreAnswers(200);
      Deno.kill(client.pid, "SIGKILL");
    }
    await callers.moreAnswers(200);
    const { sent, answered, wrong, rejected } = await callers.stop();
    assertEquals(wrong, 0);
    assertEquals(answered + (rejected.SERVER_EXITED ?? 0), sent);
    // At each kill, each thread may have begun one command, or all that were in flight.
    const limit = server.differences.runsAhead ? 3 * 32 : 3 * 2;
    assert((rejected.SERVER_EXITED ?? 0) <= limit, JSON.stringify(rejected));
    assertEquals(client.stats().restarts, 3);
  });

  Deno.test(`${server.name}: run() runs no command twice when the server is killed repeatedly`, async () => {
    const runs = new Map<string, number>();
    await using client = await startClient(server, {
      nThreads: 2,
      ...ALWAYS,
      logger: (_time, _level, message) => {
        for (const [n] of message.matchAll(/run-\d+/g)) runs.set(n, (runs.get(n) ?? 0) + 1);
      },
    });
    const query = "(_, n) => { console.log('run-' + n); return n }";
    const run = (n: number) => client.run<number>(query, n);
    for (let n = -50; n < 0; n++) await run(n);
    const commands = numbers(1_000).map(run);
    const outcomes = Promise.allSettled(commands);
    for (const n of [200, 500, 800]) {
      await commands[n]!.catch(() => {});
      Deno.kill(client.pid, "SIGKILL");
    }
    for (const [n, outcome] of (await outcomes).entries()) {
      if (outcome.status === "fulfilled") assertEquals(outcome.value, n);
      else assertEquals(outcome.reason.code, "SERVER_EXITED", outcome.reason);
    }
    await client.close();
    assertEquals([...runs].filter(([, times]) => times > 1), []);
    assert(runs.size > 0);
  });
}

for (const signal of ["SIGTERM", "SIGKILL", "SIGABRT"] as const) {
  Deno.test(`JSockDClient restarts the server when ${signal} ends it while it is idle`, async () => {
    await using hostile = await HostileServer.start();
    const { client } = hostile;
    const { pid } = client;
    Deno.kill(pid, signal);
    await until(() => client.pid !== pid, "another server");
    assertEquals(await client.run(ECHO, 1), 1);
    assertEquals(client.stats().failed, 0);
  });
}
