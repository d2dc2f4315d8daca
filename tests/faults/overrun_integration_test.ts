/** Commands that run past their limit, which the server cannot interrupt. */
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { delay } from "@std/async/delay";
import { servers } from "../conformance/servers.ts";
import { isRunning } from "../support/processes.ts";
import { startClient } from "../support/start_client.ts";
import { until } from "../support/until.ts";
import { assertRecovers, Callers, ECHO } from "./callers.ts";
import { HostileServer } from "./hostile.ts";
import { assertRejectsWith } from "./rejections.ts";

/** A search that QuickJS would take hours for, in one native function. */
const SEARCH = "() => 'x'.repeat(1e6).indexOf('x'.repeat(5e5) + 'y')";

/** Takes a tenth of a second a turn. jsockd looks at its clock every few thousand of them only. */
const ALLOCATE = "() => { for (;;) new Uint8Array(3e8).fill(1) }";

const SPIN = "(_, ms) => { const end = Date.now() + ms; while (Date.now() < end); return ms }";

/** No command would wait for so long: the limit of the time that it runs has to end it. */
const PATIENT = { timeoutUs: 600_000_000 };

/** Those that stop the search, or the allocation, by themselves are left out. */
const STUCK = servers.flatMap(({ name, ...server }) =>
  [
    ...(server.differences.engine === "QuickJS" ? [["search", SEARCH] as const] : []),
    ...(server.differences.hostModules ? [["allocate", ALLOCATE] as const] : []),
  ].map(([what, query]) => ({ name: `${name}: ${what}`, server: { name, ...server }, query }))
);

for (const { name, server, query } of STUCK) {
  Deno.test(`${name}: run() rejects only the command that the server cannot interrupt`, async () => {
    await using client = await startClient(server, { nThreads: 3, maxCommandRuntimeUs: 100_000 });
    const { pid } = client;
    // The client has to know how long it takes, or would pipeline it.
    for (let n = 0; n < 3; n++) await client.run(SPIN, 20);
    await using quick = new Callers(client, 8);
    const slow = Promise.all(Array.from({ length: 30 }, () => client.run(SPIN, 20, PATIENT)));
    const error = await assertRejectsWith(client.run(query, null, PATIENT), "TIMEOUT");
    assertStringIncludes(error.message, "ran for longer than maxCommandRuntimeUs, 100000 µs");
    assertStringIncludes(error.message, "the server had to be ended");
    await slow;
    await quick.moreAnswers(100);
    await quick.stopUnharmed();
    assertNotEquals(client.pid, pid);
    await until(() => !isRunning(pid), "the end of the server");
    assertEquals(client.stats().restarts, 1);
  });
}

for (const server of servers.filter(({ differences }) => differences.lateAnswers)) {
  Deno.test(`${server.name}: the wait for a message's answer does not count as running time`, async () => {
    await using client = await startClient(server, { maxCommandRuntimeUs: 10_000 });
    const answered = client.run("() => JSockD.sendMessage(1)", null, {
      messageHandler: async () => (await delay(1_500), 2),
      ...PATIENT,
    });
    assertEquals(await answered, 2);
    assertEquals(client.stats().restarts, 0);
  });
}

Deno.test("JSockDClient keeps the server when the program's event loop was blocked", async () => {
  await using hostile = await HostileServer.start({ maxCommandRuntimeUs: 1 });
  const { client } = hostile;
  for (let round = 0; round < 3; round++) {
    const answered = client.run(ECHO, round);
    await delay(1);
    for (const end = performance.now() + 1_000; performance.now() < end;);
    assertEquals(await answered, round);
  }
  assertEquals(client.stats().restarts, 0);
});

Deno.test("JSockDClient ends the server when a command overruns whose caller waits no longer", async () => {
  await using hostile = await HostileServer.start({ maxCommandRuntimeUs: 1 });
  const { client } = hostile;
  const { pid } = client;
  await client.run(ECHO, 1);
  await assertRejectsWith(hostile.run("never answer", 1, { timeoutUs: 1_000 }), "TIMEOUT", "1000");
  await until(() => !isRunning(pid), "the end of the server");
  await assertRecovers(client);
});

Deno.test("JSockDClient replaces servers without end when only commands are at fault", async () => {
  await using hostile = await HostileServer.start({
    maxCommandRuntimeUs: 1,
    maxRestartsPerMinute: 1,
  });
  const { client } = hostile;
  for (let round = 1; round <= 3; round++) {
    await assertRecovers(client);
    await assertRejectsWith(hostile.run("never answer", 1, PATIENT), "TIMEOUT", "had to be ended");
    assertEquals(await client.run(ECHO, round), round);
    assertEquals(client.stats().restarts, round);
  }
});

Deno.test("JSockDClient counts restarts of servers that never answer", async () => {
  await using hostile = await HostileServer.start(
    { maxCommandRuntimeUs: 1_000_000, maxRestartsPerMinute: 1 },
    "reads nothing",
  );
  const { client } = hostile;
  for (let n = 0; n < 2; n++) {
    await assertRejectsWith(client.run(ECHO, n, PATIENT), "TIMEOUT", "had to be ended");
  }
  await assertRejectsWith(
    client.run(ECHO, 2, PATIENT),
    "SERVER_EXITED",
    "maxRestartsPerMinute is 1",
  );
});

Deno.test("JSockDClient ends a server with a stuck command and starts none when it may not", async () => {
  await using hostile = await HostileServer.start({
    maxCommandRuntimeUs: 1,
    maxRestartsPerMinute: 0,
  });
  const { client } = hostile;
  await client.run(ECHO, 1);
  await assertRejectsWith(hostile.run("never answer", 1, PATIENT), "TIMEOUT", "had to be ended");
  await assertRejectsWith(client.run(ECHO, 2), "SERVER_EXITED");
  assert(hostile.pids.every((pid) => !isRunning(pid)));
});

Deno.test("JSockDClient keeps the server when its replacement does not start", async () => {
  await using hostile = await HostileServer.start(
    { nThreads: 2, maxCommandRuntimeUs: 1, maxRestartsPerMinute: 10 },
    "dies before READY@2",
  );
  const { client } = hostile;
  await client.run(ECHO, 1);
  await assertRejectsWith(hostile.run("never answer", 1, PATIENT), "TIMEOUT", "had to be ended");
  await assertRecovers(client);
  assertEquals(client.stats().restarts, 1);
  assertEquals(hostile.pids.length, 3);
});
