/** Idempotent commands, whose server dies while they are in flight. */
import { assertEquals } from "@std/assert";
import { servers } from "../conformance/servers.ts";
import { startClient } from "../support/start_client.ts";
import { until } from "../support/until.ts";
import { Callers } from "./callers.ts";

const ALWAYS = { maxRestartsPerMinute: 1_000 };

for (const server of servers) {
  Deno.test(`${server.name}: run() rejects no idempotent command when the server is killed under load`, async () => {
    await using client = await startClient(server, {
      nThreads: 2,
      maxCommandRuntimeUs: 20_000_000,
      ...ALWAYS,
    });
    await using callers = new Callers(client, 32, { idempotent: true });
    for (let n = 0; n < 3; n++) {
      await callers.moreAnswers(200);
      Deno.kill(client.pid, "SIGKILL");
    }
    await callers.moreAnswers(200);
    await callers.stopUnharmed();
    assertEquals(client.stats().restarts, 3);
  });

  Deno.test(`${server.name}: run() ignores how a message was handled when its server has died since`, async () => {
    // V8 interrupts a command that waits for its answer, and the first answer comes late.
    await using client = await startClient(server, { maxCommandRuntimeUs: 20_000_000, ...ALWAYS });
    const { pid } = client;
    let calls = 0;
    const late = Promise.withResolvers<void>();
    const messageHandler = async (message: unknown) => {
      if (++calls > 1) {
        late.resolve();
        // The first call must have failed by the time that this one succeeds.
        for (let n = 0; n < 100; n++) await undefined;
        return message;
      }
      Deno.kill(pid, "SIGKILL");
      await late.promise;
      throw new Error("too late");
    };
    const options = { messageHandler, idempotent: true };
    assertEquals(await client.run("(_, n) => JSockD.sendMessage(n)", 42, options), 42);
    assertEquals(calls, 2);
    await until(() => client.stats().inFlight === 0, "the end of the command");
  });
}
