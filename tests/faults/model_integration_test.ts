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
const THREADS = 2;

/** Kills that a client's server lives through before another client takes its place. */
const MAX_KILLS = 3;

type Step = fc.AsyncCommand<Model, JSockDClient>;

/** A step of a run; they follow each other at once, and what they start goes on meanwhile. */
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

/** A client that serves run after run, until it was closed or has had enough. */
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
  Deno.test(`${server.name}: every promise settles as it may, whatever happens in whatever order`, async () => {
    await using clients = new Clients(server);
    await fc.assert(
      fc.asyncProperty(
        fc.commands([steps], { maxCommands: 60, size: "max" }),
        async (commands) => {
          const client = await clients.take();
          const model = new Model();
          try {
            await fc.asyncModelRun(() => ({ model, real: client }), commands);
            await model.verify(THREADS);
            if (!model.closed) await assertRecovers(client);
            // Even a slot that nobody waits for any more comes free.
            await until(() => client.stats().inFlight === 0, "all slots");
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
