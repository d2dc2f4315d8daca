import { assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import fc from "fast-check";
import type { JSockDClient } from "../../mod.ts";
import { servers, type TestServer } from "../conformance/servers.ts";
import { assertRecovers } from "./callers.ts";
import { startClient } from "../support/start_client.ts";
import { KINDS, Model } from "./model.ts";
import { until } from "../support/until.ts";

const RUNS = 200;
const MAX_COMMANDS = 60;
const THREADS = 2;

/** A client is replaced after its server was killed more often than this. */
const MAX_KILLS = 3;

type Step = fc.AsyncCommand<Model, JSockDClient>;

/** Creates a step of a run. Steps do not wait for the commands that they start. */
function step(
  name: string,
  run: (model: Model, client: JSockDClient) => void | Promise<void>,
): Step {
  return {
    check: () => true,
    run: async (model, client) => await run(model, client),
    toString: () => name,
  };
}

const steps = fc.oneof(
  {
    weight: 120,
    arbitrary: fc.constantFrom(...Object.keys(KINDS) as (keyof typeof KINDS)[])
      .map((kind) => step(kind, (model, client) => model.call(client, kind))),
  },
  {
    weight: 20,
    arbitrary: fc.nat(1_000).map((n) => step(`abort(${n})`, (model) => model.abort(n))),
  },
  {
    weight: 40,
    arbitrary: fc.nat(5).map((ms) => step(`wait(${ms})`, () => delay(ms))),
  },
  {
    weight: 2,
    arbitrary: fc.constant(step("kill", (model, client) => model.kill(client))),
  },
  {
    weight: 1,
    arbitrary: fc.constant(step("close", (model, client) => model.close(client))),
  },
);

/**
 * Provides the client for each run. Reuses it until it is closed or its server was killed too
 * often.
 */
class Clients implements AsyncDisposable {
  readonly #server: TestServer;
  #client: JSockDClient | undefined;
  #kills = 0;

  constructor(server: TestServer) {
    this.#server = server;
  }

  async take(): Promise<JSockDClient> {
    return this.#client ??= await startClient(this.#server, {
      nThreads: THREADS,
      maxRestartsPerMinute: 1_000,
      maxCommandRuntimeUs: 10_000_000,
    });
  }

  async giveBack({ kills, closed }: Model): Promise<void> {
    this.#kills += kills;
    if (closed || this.#kills > MAX_KILLS) await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client?.close();
    this.#client = undefined;
    this.#kills = 0;
  }
}

for (const server of servers) {
  Deno.test(`${server.name}: run() settles as the model allows when anything happens in any order`, async () => {
    await using clients = new Clients(server);
    await fc.assert(
      fc.asyncProperty(
        fc.commands([steps], { maxCommands: MAX_COMMANDS, size: "max" }),
        async (commands) => {
          const client = await clients.take();
          const model = new Model();
          try {
            await fc.asyncModelRun(() => ({ model, real: client }), commands);
            // A server that runs ahead may have begun all that was in flight.
            await model.verify(server.differences.runsAhead ? MAX_COMMANDS : THREADS);
            if (!model.closed) await assertRecovers(client);
            // A command whose caller no longer waits must also leave its place in flight.
            await until(() => client.stats().inFlight === 0, "the last answers");
            assertEquals(client.stats().queued, 0);
          } finally {
            await clients.giveBack(model);
          }
        },
      ),
      { numRuns: RUNS, endOnFailure: true },
    );
  });
}
