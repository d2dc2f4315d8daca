import type { TestServer } from "../conformance/servers.ts";
import { startClient } from "../support/start_client.ts";
import type { Case } from "./cases.ts";

const CALLERS = 64;
const EARLY = 10_000;
const LATE = 1_000_000;

/**
 * Measures how many megabytes a client grows between its first ten thousand commands and a million.
 */
export const measureMemory: Case = {
  name: "memory: megabytes after 1,000,000 commands more than after 10,000",
  target: { atMost: 2 },
  async measure(server: TestServer) {
    await using client = await startClient(server, { nThreads: 1 });
    let submitted = 0;
    const runUntil = (commands: number) =>
      Promise.all(Array.from({ length: CALLERS }, async () => {
        while (submitted < commands) await client.run("(_, n) => n + 1", submitted++);
      }));
    await runUntil(EARLY);
    const early = heapInUse();
    await runUntil(LATE);
    const late = heapInUse();
    return {
      ratio: (late - early) / 1e6,
      detail: `${(late / 1e6).toFixed(1)} MB, ${(early / 1e6).toFixed(1)} MB`,
    };
  },
};

function heapInUse(): number {
  (globalThis as { gc?: () => void }).gc!();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}
