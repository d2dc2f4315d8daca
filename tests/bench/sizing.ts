/**
 * Measures what decides how many threads a server should have: its memory, and how many renders of
 * two milliseconds it does in a second, for several numbers of threads.
 *
 *     deno task sizing
 */
import { servers } from "../conformance/servers.ts";
import { callersRate, startClient } from "./measure.ts";

const THREADS = [1, 2, 4, 8];
const RENDER = "(_, ms) => { const end = Date.now() + ms; while (Date.now() < end); return ms }";
const RENDER_MS = 2;
const TURN_MS = 1_000;

for (const server of servers) {
  console.log(`\n${server.name}, ${navigator.hardwareConcurrency} cores`);
  console.log("threads  server's memory  renders/s");
  for (const nThreads of THREADS) {
    await using client = await startClient(server, { nThreads });
    const { rate } = await callersRate(
      nThreads * 2,
      TURN_MS,
      () => client.run(RENDER, RENDER_MS),
    );
    const megabytes = `${(await residentMegabytes(client.pid)).toFixed(1)} MB`;
    console.log(
      `${String(nThreads).padStart(7)}${megabytes.padStart(17)}${rate.toFixed(0).padStart(11)}`,
    );
  }
}

async function residentMegabytes(pid: number): Promise<number> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "rss=", "-p", String(pid)] })
    .output();
  return Number(new TextDecoder().decode(stdout)) / 1024;
}
