import { assert, assertEquals } from "@std/assert";
import { type JSockDClient, JSockDClientError } from "../../mod.ts";
import { servers } from "../conformance/servers.ts";
import { Callers, ECHO } from "./callers.ts";
import { startClient } from "../support/start_client.ts";
import { HostileServer } from "./hostile.ts";
import type { ServerFault } from "./hostile_server.ts";
import { isRunning } from "../support/processes.ts";
import { assertRejectsWith } from "./rejections.ts";
import { until } from "../support/until.ts";

const ALWAYS = { maxRestartsPerMinute: 1_000 };

function killServer(client: JSockDClient): void {
  Deno.kill(client.pid, "SIGKILL");
}

/** Closes a client, and asserts that the server is gone and the client rejects commands. */
async function assertCloses(client: JSockDClient): Promise<void> {
  await client.close();
  assert(!isRunning(client.pid));
  await assertRejectsWith(client.run(ECHO, 1), "CLOSED");
  assertEquals(client.stats(), { ...client.stats(), inFlight: 0, queued: 0 });
}

for (const fault of ["reads nothing", "ignores SIGTERM"] as const) {
  Deno.test(`close() leaves nothing behind when the server ${fault}`, async () => {
    await using hostile = await HostileServer.start({ timeoutUs: 1_000_000 }, fault);
    const { client } = hostile;
    const sent = assertRejectsWith(hostile.run("never answer", 1), "CLOSED");
    const queued = assertRejectsWith(client.run(ECHO, 1), "CLOSED");
    await assertCloses(client);
    await Promise.all([sent, queued]);
  });
}

const FAULTS_IN_RESTART: readonly ServerFault[] = [
  "never becomes ready",
  "ignores SIGTERM",
  "dies before READY",
  "dies after READY",
  "dies when it is connected to",
];

for (const fault of FAULTS_IN_RESTART) {
  Deno.test(`close() leaves nothing behind when a restarting server ${fault}`, async () => {
    const config = { timeoutUs: 1_000_000, ...ALWAYS };
    await using hostile = await HostileServer.start(config, `${fault}@2`);
    const { client } = hostile;
    killServer(client);
    await until(() => hostile.pids.length === 2, "another server");
    await assertCloses(client);
  });
}

Deno.test("close() does not wait when the client pauses before a restart", async () => {
  await using hostile = await HostileServer.start(ALWAYS);
  const { client } = hostile;
  await assertRejectsWith(hostile.run("die without an answer", 1), "SERVER_EXITED");
  const queued = assertRejectsWith(client.run(ECHO, 1), "CLOSED");
  await assertCloses(client);
  await queued;
});

Deno.test("close() ends the server when it has not read all commands", async () => {
  await using hostile = await HostileServer.start({ nThreads: 2 }, "reads nothing");
  const { client } = hostile;
  const large = "x".repeat(1_000_000);
  const commands = Array.from({ length: 20 }, () => client.run(ECHO, large));
  const rejections = commands.map((command) => assertRejectsWith(command, "CLOSED"));
  await assertCloses(client);
  await Promise.all(rejections);
});

for (const server of servers) {
  Deno.test(`${server.name}: close() rejects all commands when thousands are pending`, async () => {
    const client = await startClient(server, { nThreads: 2 });
    await using callers = new Callers(client);
    await callers.moreAnswers(100);
    const outcomes = Promise.allSettled(
      Array.from({ length: 5_000 }, (_, n) => client.run(ECHO, n)),
    );
    await callers.moreAnswers(8);
    await assertCloses(client);
    let closed = 0;
    for (const [n, outcome] of (await outcomes).entries()) {
      if (outcome.status === "fulfilled") {
        assertEquals(outcome.value, n);
      } else {
        assert(outcome.reason instanceof JSockDClientError && outcome.reason.code === "CLOSED");
        closed++;
      }
    }
    assert(closed > 0);
    assertEquals((await callers.stop()).wrong, 0);
  });

  Deno.test(`${server.name}: close() resolves when it is called twice right after the server is killed`, async () => {
    const client = await startClient(server, ALWAYS);
    killServer(client);
    await Promise.all([client.close(), client.close()]);
    await assertCloses(client);
  });

  Deno.test(`${server.name}: close() resolves when the server is being restarted`, async () => {
    for (let round = 0; round < 5; round++) {
      const client = await startClient(server, ALWAYS);
      await using callers = new Callers(client);
      await callers.moreAnswers(20);
      killServer(client);
      if (round > 0) await until(() => client.stats().inFlight === 0, "the client to notice");
      if (round > 2) await callers.moreAnswers(round - 2);
      await assertCloses(client);
      assertEquals((await callers.stop()).wrong, 0);
    }
  });

  Deno.test(`${server.name}: close() resolves when no restart is left`, async () => {
    const client = await startClient(server, { maxRestartsPerMinute: 0 });
    const pending = client.run("() => JSockD.sendMessage(1)", null, () => {
      killServer(client);
      return new Promise(() => {});
    });
    await assertRejectsWith(pending, "SERVER_EXITED");
    await until(() => client.stats().queued === 0, "the client to give up");
    await assertRejectsWith(client.run(ECHO, 1), "SERVER_EXITED", "0 restarts");
    await assertCloses(client);
  });

  Deno.test(`${server.name}: close() resolves when the message handlers of all threads await it`, async () => {
    const client = await startClient(server, { nThreads: 2 });
    const commands = Array.from({ length: 4 }, () =>
      assertRejectsWith(
        client.run("() => JSockD.sendMessage(1)", null, async () => {
          await client.close();
          return 1;
        }),
        "CLOSED",
      ));
    await Promise.all(commands);
    await assertCloses(client);
  });
}
