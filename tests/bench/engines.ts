import type { JSockDClient } from "../../mod.ts";
import type { TestServer } from "../conformance/servers.ts";
import { startClient } from "../support/start_client.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { INCREMENT, type Outcome, type Target } from "./cases.ts";
import { callersRate, inTurns, percentile } from "./measure.ts";
import { buildPages, localPageRenderer, pageRenderer } from "./react_page.ts";

const CALLERS = 64;
const TURN_MS = 400;
const LIMIT_US = 50_000;

/** A figure of the server on V8, and its target. */
export interface EngineCase {
  readonly name: string;
  readonly target: Target;
  /** Whether the case also runs jsockd. */
  readonly needsJSockD: boolean;
  readonly measure: (v8: TestServer, jsockd: TestServer) => Promise<Outcome>;
}

/** The cases, with the figures that the server on V8 is meant to reach. */
export const ENGINE_CASES: readonly EngineCase[] = [
  {
    name: "React page of 100 reviews, 1 thread: V8 against jsockd",
    target: { atLeast: 16 },
    needsJSockD: true,
    measure: pagesAgainstJSockD,
  },
  {
    name: "React page of 100 reviews, 1 thread: against V8 in this process",
    target: { atLeast: 0.45 },
    needsJSockD: false,
    measure: pagesAgainstThisProcess,
  },
  {
    name: "64 callers, 1 thread, n + 1: V8 against jsockd",
    target: { atLeast: 0.6 },
    needsJSockD: true,
    measure: incrementsAgainstJSockD,
  },
  {
    name: "beside an endless command: p99 of quick ones",
    target: { atMost: 2 },
    needsJSockD: false,
    measure: quickBesideEndless,
  },
  {
    name: "milliseconds to the next page after an interruption",
    target: { atMost: 10 },
    needsJSockD: false,
    measure: pageAfterInterruption,
  },
];

async function pagesAgainstJSockD(v8: TestServer, jsockd: TestServer): Promise<Outcome> {
  await using stack = new AsyncDisposableStack();
  const measured = stack.use(await startPages(v8, 1));
  const reference = stack.use(await startPages(jsockd, 1));
  const medians = await inTurns({
    v8: pagesRate(measured.client),
    jsockd: pagesRate(reference.client),
  });
  return compare(medians.v8, medians.jsockd);
}

async function pagesAgainstThisProcess(v8: TestServer): Promise<Outcome> {
  await using pages = await startPages(v8, 1);
  const render = await localPageRenderer();
  const medians = await inTurns({
    v8: pagesRate(pages.client),
    local: async () => (await callersRate(1, TURN_MS, render)).rate,
  });
  return compare(medians.v8, medians.local);
}

async function incrementsAgainstJSockD(v8: TestServer, jsockd: TestServer): Promise<Outcome> {
  await using measured = await startClient(v8, { nThreads: 1 });
  await using reference = await startClient(jsockd, { nThreads: 1 });
  const rate = (client: JSockDClient) => async () =>
    (await callersRate(CALLERS, TURN_MS, (n) => client.run(INCREMENT, n))).rate;
  const medians = await inTurns({ v8: rate(measured), jsockd: rate(reference) });
  return compare(medians.v8, medians.jsockd);
}

/**
 * Measures quick commands while endless ones, each interrupted at the time limit, occupy one of two
 * threads, against quick commands alone.
 */
async function quickBesideEndless(v8: TestServer): Promise<Outcome> {
  await using client = await startClient(v8, { nThreads: 2, maxCommandRuntimeUs: LIMIT_US });
  const p99 = async () => {
    const { latencies } = await callersRate(1, TURN_MS, (n) => client.run(INCREMENT, n));
    return percentile(latencies, 0.99);
  };
  const { beside, alone } = await inTurns({
    beside: async () => {
      let ended = false;
      const endless = async () => {
        while (!ended) await client.run("() => { for (;;); }").catch(() => {});
      };
      const running = endless();
      const value = await p99();
      ended = true;
      await running;
      return value;
    },
    alone: p99,
  });
  return { ratio: beside / alone, detail: `${beside.toFixed(2)} ms, ${alone.toFixed(2)} ms` };
}

/** Measures from the exception of an interrupted command to the next page on the same thread. */
async function pageAfterInterruption(v8: TestServer): Promise<Outcome> {
  await using pages = await startPages(v8, 1, LIMIT_US);
  const render = pageRenderer(pages.client);
  for (let i = 0; i < 200; i++) await render();
  const times: number[] = [];
  for (let i = 0; i < 21; i++) {
    await pages.client.run("() => { for (;;); }").catch(() => {});
    const start = performance.now();
    await render();
    times.push(performance.now() - start);
  }
  const median = percentile(times, 0.5);
  return { ratio: median, detail: `at most ${percentile(times, 1).toFixed(1)} ms` };
}

interface Pages extends AsyncDisposable {
  readonly client: JSockDClient;
}

/** Starts a client whose server has a React page as its module. */
async function startPages(
  server: TestServer,
  nThreads: number,
  maxCommandRuntimeUs = 0,
): Promise<Pages> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await TempFolder.make());
  const built = await buildPages(server, folder.path);
  const client = stack.use(await startClient(server, { ...built, nThreads, maxCommandRuntimeUs }));
  const resources = stack.move();
  return { client, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

function pagesRate(client: JSockDClient): () => Promise<number> {
  const render = pageRenderer(client);
  return async () => (await callersRate(CALLERS, TURN_MS, render)).rate;
}

function compare(measured: number, reference: number): Outcome {
  return {
    ratio: measured / reference,
    detail: `${measured.toFixed(0)}/s, ${reference.toFixed(0)}/s`,
  };
}
