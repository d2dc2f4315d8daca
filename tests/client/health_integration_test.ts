import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { delay } from "@std/async/delay";
import { JSockDClientError } from "../../mod.ts";
import { servers } from "../conformance/servers.ts";
import { nextEvent } from "../support/next_event.ts";
import { stop } from "../support/processes.ts";
import { startClient } from "../support/start_client.ts";
import { until } from "../support/until.ts";

const SOON = { timeoutUs: 100_000 };
const PATIENT = { timeoutUs: 60_000_000 };
const UNLIMITED = { maxCommandRuntimeUs: 60_000_000, timeoutUs: 120_000_000 };

for (const server of servers) {
  Deno.test(`${server.name}: health() reports ok for each thread when nothing runs`, async () => {
    await using client = await startClient(server, { nThreads: 2 });
    assertEquals(await client.health(PATIENT), {
      healthy: true,
      serverState: "running",
      threads: [{ index: 0, status: "ok" }, { index: 1, status: "ok" }],
    });
    assertEquals(client.stats().completed, 0);
  });

  Deno.test(`${server.name}: health() reports busy and healthy when all threads run commands`, async () => {
    await using client = await startClient(server, { ...UNLIMITED, nThreads: 2 });
    const release = Promise.withResolvers<number>();
    const asked = [0, 1].map(() => Promise.withResolvers<void>());
    const results = asked.map(({ resolve }) =>
      client.run("() => JSockD.sendMessage(null)", null, () => {
        resolve();
        return release.promise;
      })
    );
    await Promise.all(asked.map(({ promise }) => promise));
    const { healthy, threads } = await client.health(SOON);
    assertEquals([healthy, ...threads.map(({ status }) => status)], [true, "busy", "busy"]);
    release.resolve(7);
    assertEquals(await Promise.all(results), [7, 7]);
    assertEquals((await client.health(PATIENT)).healthy, true);
  });

  Deno.test(`${server.name}: health() reports unresponsive when the server is stopped, until it goes on`, async () => {
    await using client = await startClient(server, UNLIMITED);
    await stop(client.pid);
    try {
      assertEquals(await client.health(SOON), {
        healthy: false,
        serverState: "running",
        threads: [{
          index: 0,
          status: "unresponsive",
          reason: "it did not answer within 100 ms",
        }],
      });
    } finally {
      Deno.kill(client.pid, "SIGCONT");
    }
    assertEquals((await client.health(PATIENT)).healthy, true);
    assertEquals(await client.run((_, n: number) => n + 1, 1), 2);
  });

  Deno.test(`${server.name}: health() disturbs no command`, async () => {
    await using client = await startClient(server, { ...UNLIMITED, nThreads: 2 });
    let running = true;
    const checks = (async () => {
      const reports = [];
      while (running) {
        reports.push((await client.health(PATIENT)).healthy);
        // A report on busy threads needs no turn of the event loop, which the commands do.
        await delay(0);
      }
      return reports;
    })();
    const numbers = Array.from({ length: 300 }, (_, n) => n);
    const results: number[] = [];
    for (const n of numbers) results.push(await client.run((_, n: number) => n, n));
    assertEquals(results, numbers);
    assertEquals(await client.runAll((_, n: number) => n, numbers), numbers);
    running = false;
    assertEquals((await checks).every((healthy) => healthy), true);
    assertEquals(client.stats().failed, 0);
  });
}

const [server] = servers;

Deno.test("health() reports why when the restarts are used up", async () => {
  await using client = await startClient(server!, { maxRestartsPerMinute: 0 });
  const exit = nextEvent(client, "exit");
  Deno.kill(client.pid, "SIGKILL");
  await exit;
  await until(() => client.stats().serverState === "ended", "the end");
  const { healthy, serverState, reason, threads } = await client.health();
  assertEquals([healthy, serverState, threads[0]?.status], [false, "ended", "down"]);
  assertMatch(reason ?? "", /signal SIGKILL.*maxRestartsPerMinute is 0/);
  assertEquals(threads[0]?.reason, reason);
});

Deno.test("health() reports why when the server is being restarted", async () => {
  await using client = await startClient(server!);
  const restart = nextEvent(client, "restart");
  const ready = nextEvent(client, "ready");
  Deno.kill(client.pid, "SIGKILL");
  await restart;
  const { healthy, serverState, reason } = await client.health();
  assertEquals([healthy, serverState], [false, "restarting"]);
  assertMatch(reason ?? "", /is being restarted: .*signal SIGKILL/);
  await ready;
  assertEquals((await client.health(PATIENT)).healthy, true);
});

Deno.test("health() reports ended when the client is closed", async () => {
  const client = await startClient(server!);
  await client.close();
  const { healthy, serverState, reason } = await client.health();
  assertEquals([healthy, serverState], [false, "ended"]);
  assertMatch(reason ?? "", /the client is closed/);
});

Deno.test("health() rejects with CONFIG when an option is not valid", async () => {
  await using client = await startClient(server!);
  for (const options of [{ timeoutUs: 0 }, { timeoutMs: 1 }]) {
    const error = await assertRejects(() => client.health(options), JSockDClientError, "timeoutUs");
    assertEquals(error.code, "CONFIG");
  }
});
