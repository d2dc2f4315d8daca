/**
 * Prints how long each hostile program takes past the time limit, and how much memory the server takes at
 * most, on each server. Run it on a quiet machine.
 *
 *     deno task hostile
 */
import { startClient } from "../support/start_client.ts";
import { findSizeMeter } from "../../src/server/resident_size.ts";
import { hostileServers, programsFor } from "./servers.ts";

const LIMIT_MS = 250;
const LIMIT_BYTES = 384 << 20;
const MEBIBYTE = 1 << 20;

const meter = await findSizeMeter();

for (const server of hostileServers) {
  const { isolates } = server.differences;
  await using client = await startClient(server, {
    nThreads: 2,
    maxMemoryBytes: LIMIT_BYTES,
    maxRestartsPerMinute: 1_000,
    timeoutUs: 60_000_000,
  });
  await client.run("() => 1", null, { isolated: isolates });
  const restMb = await meter.measure(client.pid) / MEBIBYTE;
  let slowest = { name: "", pastMs: -Infinity };
  let largest = { name: "", mb: 0 };
  for (const { name, query } of programsFor(server)) {
    let running = true;
    const watch = (async () => {
      while (running) {
        const mb = await meter.measure(client.pid) / MEBIBYTE;
        if (mb > largest.mb) largest = { name, mb };
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    const start = performance.now();
    await client.run(query, null, { isolated: isolates }).catch(() => {});
    const pastMs = performance.now() - start - LIMIT_MS;
    if (pastMs > slowest.pastMs) slowest = { name, pastMs };
    running = false;
    await watch;
  }
  console.log(
    `${server.name}: slowest ${
      slowest.pastMs.toFixed(0)
    } ms past the limit (${slowest.name}); at most ` +
      `${largest.mb.toFixed(0)} MiB (${largest.name}), ${restMb.toFixed(0)} at rest; ` +
      `${client.stats().restarts} restarts`,
  );
}
