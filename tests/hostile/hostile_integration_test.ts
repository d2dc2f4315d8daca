import { assert, assertEquals } from "@std/assert";
import { type JSockDClient, JSockDClientError, JSockDJSException } from "../../mod.ts";
import { Callers } from "../faults/callers.ts";
import { startClient } from "../support/start_client.ts";
import { childrenOf } from "../support/processes.ts";
import { sandboxTest } from "../sandbox/sandbox_test_case.ts";
import { NOT_IN_SANDBOX } from "./programs.ts";
import { hostileServers, programsFor } from "./servers.ts";

const THREADS = 2;

/** Each thread of QuickJS in WebAssembly may take so much, or the whole of another server. */
const LIMIT_BYTES = 384 << 20;

/** A busy machine may keep a harmless command of the others from ending in the default 250 ms. */
const LIMIT_US = 1_000_000;

/**
 * The limit, 500 ms of grace, and far more than a busy machine needs. The benchmark of the same
 * programs prints how long they take.
 */
const SETTLED_WITHIN_MS = 20_000;

/** What the caller of a hostile program may get. Some of them do no harm and have a result. */
const CODES = ["TIMEOUT", "SERVER_EXITED"];

/** How often a busy machine may keep commands from meeting within their limit on V8. */
const MEETINGS = 10;

/** Asserts that all threads answer, one command each at the same time. */
async function assertThreadsAnswer(client: JSockDClient): Promise<void> {
  for (let n = 1;; n++) {
    try {
      return assertEquals(await meet(client), Array(THREADS).fill(2));
    } catch (error) {
      if (n === MEETINGS || !String(error).includes("interrupted")) throw error;
    }
  }
}

/** Resolves to the results of one command on each thread. */
async function meet(client: JSockDClient): Promise<number[]> {
  let arrived = 0;
  const { promise: everyone, resolve } = Promise.withResolvers<void>();
  const messageHandler = async () => {
    if (++arrived === THREADS) resolve();
    await everyone;
    return 1;
  };
  // Each command keeps its thread until all others have begun. On V8 that time counts.
  const query = "() => JSockD.sendMessage(null) + 1";
  const options = { messageHandler, idempotent: true };
  const answers = Array.from(
    { length: THREADS },
    () => client.run<number>(query, null, options),
  );
  return await Promise.all(answers).finally(resolve);
}

for (const server of hostileServers) {
  const register = server.sandboxed ? sandboxTest : Deno.test;
  register(
    `${server.name}: hostile programs end at the limits, and nobody else notices`,
    async (t) => {
      const { isolates } = server.differences;
      await using client = await startClient(server, {
        nThreads: THREADS,
        maxCommandRuntimeUs: LIMIT_US,
        maxMemoryBytes: LIMIT_BYTES,
        maxRestartsPerMinute: 1_000,
        timeoutUs: 60_000_000,
      });
      await using others = new Callers(client, 4, { idempotent: true, isolated: isolates });
      await others.moreAnswers(20);
      for (const { name, query } of programsFor(server)) {
        await t.step(name, async () => {
          const start = performance.now();
          const outcome = await client.run(query, null, { isolated: isolates })
            .then(() => "a result", (error) => error);
          const tookMs = performance.now() - start;
          assert(
            outcome === "a result" || outcome instanceof JSockDJSException ||
              (outcome instanceof JSockDClientError && CODES.includes(outcome.code)),
            Deno.inspect(outcome),
          );
          assert(!String(outcome).includes(NOT_IN_SANDBOX));
          assert(tookMs < SETTLED_WITHIN_MS, `It took ${tookMs} ms`);
          await assertThreadsAnswer(client);
          if (server.sandboxed) {
            // bubblewrap's process in the sandbox, and the server.
            assertEquals(childrenOf(client.pid).length, 2);
          }
          const { wrong, rejected } = others.tally;
          assertEquals({ wrong, rejected }, { wrong: 0, rejected: {} });
        });
      }
      await others.stopUnharmed();
    },
  );
}
