import { assertEquals } from "@std/assert";
import type { JSockDClient, JSockDConfig } from "../../mod.ts";
import { servers, type TestServer } from "../conformance/servers.ts";
import { startClient } from "../support/start_client.ts";

/** Logs each run. Command 9 never ends, and may take memory meanwhile. */
const QUERY = `(_, { n, bomb }) => {
  console.log("run-" + n);
  const hoard = [];
  if (n === 9) for (;;) if (bomb) hoard.push(new Uint8Array(1 << 20).fill(1));
  return n;
}`;

const LAST = 9;

/** A client of one thread, and the commands that its servers have begun. */
async function startLogged(server: TestServer, config: Partial<JSockDConfig>) {
  const begun: number[] = [];
  const last = Promise.withResolvers<void>();
  const client = await startClient(server, {
    nThreads: 1,
    maxCommandRuntimeUs: 20_000_000,
    maxRestartsPerMinute: 10,
    ...config,
    logger: (_time, _level, message) => {
      for (const [, n] of message.matchAll(/run-(\d{1,2})$/gm)) begun.push(Number(n));
      if (begun.at(-1) === LAST) last.resolve();
    },
  });
  // Until they are known to be quick, and to send no messages, commands are sent one by one.
  for (let n = 100; n < 150; n++) await client.run(QUERY, { n });
  return {
    client,
    begun,
    /** Resolves when the last command has begun. */
    last: last.promise,
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** Runs ten commands in one pipeline, of which the last does not end, and ten more behind them. */
function runTwenty(client: JSockDClient, bomb: boolean) {
  return Array.from({ length: 20 }, (_, n) => client.run<number>(QUERY, { n, bomb }));
}

for (const server of servers) {
  Deno.test(`${server.name}: run() runs no command twice when the server is killed behind its answers`, async () => {
    await using logged = await startLogged(server, {});
    const { client, begun, last } = logged;
    const commands = runTwenty(client, false);
    const outcomes = Promise.allSettled(commands);
    await last;
    Deno.kill(client.pid, "SIGKILL");
    for (const [n, outcome] of (await outcomes).entries()) {
      if (outcome.status === "fulfilled") assertEquals(outcome.value, n);
      else assertEquals(outcome.reason.code, "SERVER_EXITED");
    }
    await client.close();
    assertEquals(begun.toSorted((a, b) => a - b), [...new Set(begun)].toSorted((a, b) => a - b));
  });

  Deno.test(`${server.name}: run() loses only the command whose memory ends the server`, async () => {
    await using logged = await startLogged(server, { maxMemoryBytes: 400 << 20 });
    const { client, begun } = logged;
    const outcomes = await Promise.allSettled(runTwenty(client, true));
    await client.close();
    const lost = outcomes.flatMap(({ status }, n) => status === "rejected" ? [n] : []);
    assertEquals(lost, [LAST]);
    assertEquals(begun.toSorted((a, b) => a - b), Array.from({ length: 20 }, (_, n) => n));
  });
}
