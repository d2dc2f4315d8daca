import type { TestServer } from "../conformance/servers.ts";
import { startClient } from "../support/start_client.ts";
import { type Case, INCREMENT } from "./cases.ts";
import { callersRate, inTurns } from "./measure.ts";

const TURN_MS = 300;

/** Measures how many milliseconds isolation adds to a quick command of a lone caller. */
export const measureIsolation: Case = {
  name: "isolation: milliseconds more for a command",
  target: { atMost: 2 },
  needsIsolation: true,
  async measure(server: TestServer) {
    await using client = await startClient(server, { nThreads: 1 });
    const milliseconds = (isolated: boolean) => async () => {
      const call = (n: number) => client.run(INCREMENT, n, { isolated });
      return 1000 / (await callersRate(1, TURN_MS, call)).rate;
    };
    const { apart, shared } = await inTurns({
      apart: milliseconds(true),
      shared: milliseconds(false),
    });
    return { ratio: apart - shared, detail: `${apart.toFixed(2)} ms, ${shared.toFixed(2)} ms` };
  },
};
