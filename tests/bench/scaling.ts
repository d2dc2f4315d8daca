import type { TestServer } from "../conformance/servers.ts";
import { startClient } from "../support/start_client.ts";
import { callersRate, inTurns } from "./measure.ts";

/** Commands a second with a number of callers on one thread, with and without pipelining. */
export interface Scaling {
  readonly callers: number;
  readonly pipelined: number;
  readonly oneByOne: number;
}

/** Measures the points of the chart. */
export async function measureScaling(server: TestServer): Promise<Scaling[]> {
  await using pipelining = await startClient(server, { nThreads: 1 });
  await using strict = await startClient(server, { nThreads: 1, maxPipelineDepth: 1 });
  const points: Scaling[] = [];
  for (const callers of [1, 2, 4, 8, 16, 32, 64, 128]) {
    const rate = (client: typeof strict) => async () =>
      (await callersRate(callers, 150, (n) => client.run("(_, n) => n + 1", n))).rate;
    const rates = await inTurns({ pipelined: rate(pipelining), oneByOne: rate(strict) });
    points.push({ callers, ...rates });
  }
  return points;
}
