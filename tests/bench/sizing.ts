/**
 * Measures what helps to choose the number of threads: a server's memory, and how many React pages
 * with a hundred reviews it renders in a second. Measures the memory of Workers for comparison.
 *
 *     deno task sizing
 */
import { servers } from "../conformance/servers.ts";
import { startClient } from "../support/start_client.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { callersRate } from "./measure.ts";
import { buildPages, localPageRenderer, pageRenderer } from "./react_page.ts";
import { residentBytes } from "../support/processes.ts";

const THREADS = [1, 2, 4, 8];
const TURN_MS = 2_000;

console.log(`${navigator.hardwareConcurrency} cores\n`);
printRow("server", "threads", "memory", "pages/s");
for (const server of servers) {
  await using folder = await TempFolder.make();
  const pages = await buildPages(server, folder.path);
  for (const nThreads of THREADS) {
    await using client = await startClient(server, { ...pages, nThreads });
    const { rate } = await callersRate(nThreads * 2, TURN_MS, pageRenderer(client));
    const memory = megabytes(await residentBytes(client.pid));
    printRow(server.name, nThreads, memory, rate.toFixed(0));
  }
}

const { rate } = await callersRate(1, TURN_MS, await localPageRenderer());
printRow("V8, this process", 1, "", rate.toFixed(0));

const before = Deno.memoryUsage().rss;
const workers = THREADS.map(() =>
  new Worker(new URL("sizing_worker.ts", import.meta.url), {
    type: "module",
  })
);
await Promise.all(workers.map((worker) => new Promise((resolve) => worker.onmessage = resolve)));
const each = (Deno.memoryUsage().rss - before) / workers.length;
printRow("a Worker, each", 1, megabytes(each), "");
for (const worker of workers) worker.terminate();

function printRow(server: string, ...figures: unknown[]): void {
  console.log(server.padEnd(20), ...figures.map((figure) => String(figure).padStart(9)));
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
