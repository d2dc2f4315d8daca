import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { delay } from "@std/async/delay";
import { JSockDJSException } from "../../mod.ts";
import { servers } from "../conformance/servers.ts";
import { assertRecovers, Callers, ECHO } from "./callers.ts";
import { startClient } from "../support/start_client.ts";
import { HostileServer } from "./hostile.ts";
import { assertRejectsWith } from "./rejections.ts";
import { untilPipelined } from "./sharing.ts";

Deno.test("run() gives each command its own result when the server does not wait for an answer", async () => {
  await using hostile = await HostileServer.start();
  const { client } = hostile;
  for (let n = 1; n <= 10; n++) {
    const messageHandler = () => n;
    assertEquals(
      await hostile.run("send a message and do not wait for the answer", n, { messageHandler }),
      n,
    );
    assertEquals(await client.run(ECHO, -n), -n);
  }
});

Deno.test("run() gives no command a wrong result when a message comes after its command's answer", async () => {
  await using hostile = await HostileServer.start();
  for (let n = 1; n <= 10; n++) {
    assertEquals(await hostile.run("send a message after the answer", n), n);
    const result = await hostile.client.run(ECHO, -n).catch((error) => error.code);
    assertEquals(result === "PROTOCOL" ? -n : result, -n);
  }
  await assertRecovers(hostile.client);
});

Deno.test("run() rejects only the command that sends an unexpected message when others are in flight", async () => {
  await using hostile = await HostileServer.start();
  const { client } = hostile;
  await untilPipelined(client, ECHO, "send a message");
  const before = Array.from({ length: 10 }, (_, n) => client.run(ECHO, n));
  const unexpected = hostile.run("send a message", 1);
  const behind = Array.from({ length: 10 }, (_, n) => client.run(ECHO, n));
  await assertRejectsWith(unexpected, "MESSAGE_HANDLER", "without a messageHandler");
  for (const commands of [before, behind]) {
    assertEquals(await Promise.all(commands), commands.map((_, n) => n));
  }
  assertEquals(client.stats().restarts, 0);
});

for (const server of servers) {
  Deno.test(`${server.name}: run() rejects only commands without a handler when their query begins to send messages`, async () => {
    await using client = await startClient(server);
    const query = "(_, n) => n % 10 === 9 ? JSockD.sendMessage(n) : n";
    for (let round = 0; round < 10; round++) {
      await untilPipelined(client, ECHO);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 200 }, (_, n) => client.run(round % 2 === 0 ? query : ECHO, n)),
      );
      for (const [n, outcome] of outcomes.entries()) {
        if (outcome.status === "fulfilled") assertEquals(outcome.value, n);
        else assertEquals([n % 10, outcome.reason.code], [9, "MESSAGE_HANDLER"], outcome.reason);
      }
    }
    assertEquals(client.stats().restarts, 0);
  });

  Deno.test(`${server.name}: run() affects no other command when the server refuses a large answer`, async () => {
    await using client = await startClient(server, { maxCommandRuntimeUs: 10_000_000 });
    await using others = new Callers(client, 4);
    const query = "() => JSockD.sendMessage(1).length";
    for (const length of [200_000, 400_000, 800_000, 1_048_000]) {
      for (let round = 0; round < 3; round++) {
        const outcome = await client.run(query, null, () => "x".repeat(length)).catch((e) => e);
        if (typeof outcome === "number") {
          assertEquals(outcome, length);
          continue;
        }
        assertInstanceOf(outcome, JSockDJSException);
        assertEquals(server.differences.largeAnswers, false, outcome.message);
      }
    }
    await others.stopUnharmed();
    assertEquals(client.stats().restarts, 0);
  });

  Deno.test(`${server.name}: run() rejects only the commands whose handlers throw or reject`, async () => {
    await using client = await startClient(server, { nThreads: 2 });
    await using others = new Callers(client);
    const query = "(_, n) => JSockD.sendMessage(n)";
    const outcomes = await Promise.allSettled(
      Array.from({ length: 100 }, (_, n) =>
        client.run(query, n, async (message) => {
          if (n % 2 === 0) await delay(0);
          if (n % 3 === 0) throw new Error(`handler ${n}`);
          return message;
        })),
    );
    for (const [n, outcome] of outcomes.entries()) {
      if (n % 3 !== 0) {
        assertEquals(outcome, { status: "fulfilled", value: n });
      } else {
        assert(outcome.status === "rejected");
        assertEquals(outcome.reason.code, "MESSAGE_HANDLER");
        assertEquals(outcome.reason.cause.message, `handler ${n}`);
      }
    }
    await others.stopUnharmed();
    assertEquals(client.stats().failed, 34);
  });

  Deno.test(`${server.name}: run() rejects with TIMEOUT when message handlers wait for threads that they keep busy`, async () => {
    await using client = await startClient(server, {
      nThreads: 2,
      maxCommandRuntimeUs: 10_000_000,
    });
    const query = "(_, n) => JSockD.sendMessage(n)";
    const messageHandler = (n: number) => client.run(ECHO, n);
    const stuck = [1, 2].map((n) => client.run(query, n, { messageHandler, timeoutUs: 300_000 }));
    await Promise.all(stuck.map((command) => assertRejectsWith(command, "TIMEOUT")));
    await assertRecovers(client);
    assertEquals(await client.run(query, 3, messageHandler), 3);
    assertEquals(client.stats().restarts, 0);
  });
}
