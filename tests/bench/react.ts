import type { TestServer } from "../conformance/servers.ts";
import { startClient } from "../support/start_client.ts";
import { TempFolder } from "../support/temp_folder.ts";
import type { Case } from "./cases.ts";
import { callersRate, inTurns, percentile } from "./measure.ts";
import { buildPages, localPageRenderer, pageRenderer } from "./react_page.ts";

/** The first page on a thread loads the module, which may take longer than the default limit. */
const ROOM = { maxCommandRuntimeUs: 10_000_000 };

const CALLERS = 16;
const TURN_MS = 300;

/**
 * Measures how much faster two threads render a React page, and how fast V8 does in
 * one.
 */
export const measureReact: Case = {
  name: "React page of 100 reviews: 2 threads against 1",
  target: { atLeast: 1.5 },
  async measure(server: TestServer) {
    await using folder = await TempFolder.make();
    const pages = await buildPages(server, folder.path);
    await using twoThreaded = await startClient(server, { ...pages, ...ROOM, nThreads: 2 });
    await using oneThreaded = await startClient(server, { ...pages, ...ROOM, nThreads: 1 });
    const { two, one, v8 } = await inTurns({
      two: rateOf(pageRenderer(twoThreaded), CALLERS),
      one: rateOf(pageRenderer(oneThreaded), CALLERS),
      v8: rateOf(await localPageRenderer(), 1),
    });
    return {
      ratio: two / one,
      detail: `${two.toFixed(0)}/s, ${one.toFixed(0)}/s; in V8, in this process, ${
        v8.toFixed(0)
      }/s`,
    };
  },
};

/** Measures whether pipelining makes the slowest pages slower. */
export const measureReactTail: Case = {
  name: "React page of 100 reviews, 2 threads: p99 against depth 1",
  target: { atMost: 1 },
  async measure(server: TestServer) {
    await using folder = await TempFolder.make();
    const pages = await buildPages(server, folder.path);
    await using pipelining = await startClient(server, { ...pages, ...ROOM, nThreads: 2 });
    await using strict = await startClient(server, {
      ...pages,
      ...ROOM,
      nThreads: 2,
      maxPipelineDepth: 1,
    });
    const p99 = (render: () => Promise<string>) => async () => {
      const { latencies } = await callersRate(CALLERS, TURN_MS, render);
      return percentile(latencies, 0.99);
    };
    const { pipelined, oneByOne } = await inTurns({
      pipelined: p99(pageRenderer(pipelining)),
      oneByOne: p99(pageRenderer(strict)),
    });
    return {
      ratio: pipelined / oneByOne,
      detail: `${pipelined.toFixed(2)} ms, ${oneByOne.toFixed(2)} ms`,
    };
  },
};

function rateOf(render: () => Promise<string>, callers: number): () => Promise<number> {
  return async () => (await callersRate(callers, TURN_MS, render)).rate;
}
