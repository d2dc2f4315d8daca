import type { JSockDClient } from "../../mod.ts";

/**
 * Runs quick commands on a client with one thread until it puts them in flight together, which it does
 * once it knows the queries. A fault is honest without a parameter.
 */
export async function untilShared(client: JSockDClient, ...queries: string[]): Promise<void> {
  for (let round = 0; round < 1_000; round++) {
    const commands = queries.map((query) => client.run(query));
    commands.push(...queries.map((query) => client.run(query)));
    const shared = client.stats().inFlight === commands.length;
    await Promise.all(commands);
    if (shared) return;
  }
  throw new Error("The client never has these commands in flight together");
}
