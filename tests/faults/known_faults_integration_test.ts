/** Faults of other JSockD clients. Each test shows that only the command concerned is affected. */
import { assertEquals, assertRejects } from "@std/assert";
import { type JSockDClient, JSockDJSException } from "../../mod.ts";
import { servers } from "../conformance/servers.ts";
import { assertRecovers, Callers, ECHO } from "./callers.ts";
import { startClient } from "../support/start_client.ts";
import { HostileServer } from "./hostile.ts";
import { NOISE_BYTES } from "./noise.ts";
import { assertRejectsWith } from "./rejections.ts";

const SEND = "() => JSockD.sendMessage(1)";

/** A query that keeps its thread busy for a number of milliseconds. */
const SPIN = "(_, ms) => { const end = Date.now() + ms; while (Date.now() < end); return ms }";

/** The faults by name. Each function causes the fault and asserts how its own commands settle. */
const FAULTS: Readonly<Record<string, (client: JSockDClient) => Promise<unknown>>> = {
  "message handler throws": async (client) => {
    const cause = new Error("handler");
    const failing = client.run(SEND, null, () => {
      throw cause;
    });
    const error = await assertRejectsWith(failing, "MESSAGE_HANDLER", "handler");
    assertEquals(error.cause, cause);
  },

  "JavaScript throws after a message": async (client) => {
    const query = "() => { JSockD.sendMessage(1); throw new Error('after') }";
    await assertRejects(() => client.run(query, null, () => 2), JSockDJSException, "after");
  },

  "NUL in the query": async (client) => {
    await assertRejectsWith(client.run("() => '\0'"), "INVALID_COMMAND", "holds a NUL at index 7");
    assertEquals(await client.run(ECHO, "\0"), "\0", "In a parameter JSON hides it");
  },

  "raw param `?quit`": async (client) => {
    await assertRejectsWith(client.runRaw(ECHO, "?quit"), "INVALID_COMMAND");
    assertEquals(await client.run(ECHO, "?quit"), "?quit", "In JSON it has a quotation mark");
  },

  "a command outlives the client's timeout": async (client) => {
    await assertRejectsWith(client.run(SPIN, 100, { timeoutUs: 10_000 }), "TIMEOUT");
  },

  "one slow command among quick ones": async (client) => {
    assertEquals(await client.run(SPIN, 100), 100);
  },
};

for (const server of servers) {
  for (const [fault, cause] of Object.entries(FAULTS)) {
    Deno.test(`${server.name}: run() affects no other command when: ${fault}`, async () => {
      const config = { nThreads: 2, maxCommandRuntimeUs: 10_000_000 };
      await using client = await startClient(server, config);
      await using others = new Callers(client);
      for (let round = 0; round < 3; round++) await cause(client);
      await others.stopUnharmed();
      assertEquals(client.stats().restarts, 0);
    });
  }

  Deno.test(`${server.name}: run() resolves at once when a slow command is on another thread`, async () => {
    const config = { nThreads: 2, maxCommandRuntimeUs: 600_000_000 };
    await using client = await startClient(server, config);
    for (let round = 0; round < 20; round++) await client.run(ECHO, round);
    const slow = client.run("() => { for (;;); }");
    for (let n = 0; n < 50; n++) assertEquals(await client.run(ECHO, n), n);
    assertEquals(client.stats().inFlight, 1);
    await Promise.all([client.close(), assertRejectsWith(slow, "CLOSED")]);
  });

  Deno.test(`${server.name}: run() resolves again after each restart when the server is killed with SIGKILL`, async () => {
    await using client = await startClient(server, { nThreads: 2, maxRestartsPerMinute: 2 });
    await using others = new Callers(client);
    for (let restarts = 1; restarts <= 2; restarts++) {
      await others.moreAnswers(100);
      Deno.kill(client.pid, "SIGKILL");
      await others.moreAnswers(100);
      assertEquals(client.stats().restarts, restarts);
    }
    const { wrong, rejected } = await others.stop();
    assertEquals([wrong, Object.keys(rejected).filter((code) => code !== "SERVER_EXITED")], [
      0,
      [],
    ]);
    Deno.kill(client.pid, "SIGKILL");
    const begun = client.run(SEND, null, () => new Promise(() => {}));
    await assertRejectsWith(begun, "SERVER_EXITED", "signal SIGKILL");
    await assertRejectsWith(client.run(ECHO, 1), "SERVER_EXITED", "after 2 restarts");
  });
}

Deno.test("run() affects no other command when a server writes more to stdout than a pipe holds", async () => {
  await using hostile = await HostileServer.start();
  await using others = new Callers(hostile.client);
  for (const bytes of [128 << 10, NOISE_BYTES]) {
    assertEquals(await hostile.run("print", bytes), bytes);
  }
  await others.stopUnharmed();
});

for (const server of servers.filter((server) => server.differences.hostModules)) {
  Deno.test(`${server.name}: run() affects no other command when one writes 128 KB to stdout`, async () => {
    await using client = await startClient(server, { nThreads: 2 });
    await using others = new Callers(client);
    const print = "async (_, n) => { (await import('std')).out.puts('x'.repeat(n)); return n }";
    for (let round = 0; round < 3; round++) {
      assertEquals(await client.run(print, 128 << 10), 128 << 10);
    }
    await others.stopUnharmed();
  });

  Deno.test(`${server.name}: run() rejects with SERVER_EXITED when the command ends the server`, async () => {
    await using client = await startClient(server);
    const exit = "async () => { (await import('std')).exit(3) }";
    await assertRejectsWith(client.run(exit), "SERVER_EXITED", "exit code 3");
    await assertRecovers(client);
  });
}
