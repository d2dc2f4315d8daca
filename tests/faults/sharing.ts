import type { JSockDClient } from "../../mod.ts";

/**
 * Runs queries on a client with one thread until it has learnt to pipeline them. They run without a
 * parameter, so that faults are answered correctly.
 */
export async function untilPipelined(client: JSockDClient, ...queries: string[]): Promise<void> {
  for (let round = 0; round < 1_000; round++) {
    const commands = queries.map((query) => client.run(query));
    commands.push(...queries.map((query) => client.run(query)));
    const shared = client.stats().inFlight === commands.length;
    await Promise.all(commands);
    if (shared) return;
  }
  throw new Error(`The client never pipelined these queries: ${queries.join(", ")}`);
}
