/**
 * Profiles the client under load with V8's own profilers, and prints what each function takes of a
 * command: microseconds, and bytes allocated. The load is that of the bench: callers who run
 * `(_, n) => n + 1` over and over.
 *
 *     deno task profile [--callers N] [--threads N] [--seconds N] [--rows N]
 *
 * The server is the first in the environment variable `JSOCKD`, or else an embedded one.
 */
import { type HeapProfiler, type Profiler, Session } from "node:inspector/promises";
import { parseArgs } from "node:util";
import { servers } from "../conformance/servers.ts";
import { startClient } from "../support/start_client.ts";
import { INCREMENT } from "./cases.ts";
import { callersRate } from "./measure.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    callers: { type: "string", default: "64" },
    threads: { type: "string", default: "1" },
    seconds: { type: "string", default: "5" },
    rows: { type: "string", default: "40" },
  },
});
const callers = Number(values.callers);
const milliseconds = Number(values.seconds) * 1000;
const server = servers.find(({ differences }) => differences.hostModules) ?? servers[0]!;
await using client = await startClient(server, { nThreads: Number(values.threads) });
const load = async () => await callersRate(callers, milliseconds, (n) => client.run(INCREMENT, n));
const session = new Session();
session.connect();

await load();
await session.post("Profiler.enable");
await session.post("Profiler.start");
const timed = await load();
const { profile } = await session.post("Profiler.stop");
await session.post("HeapProfiler.enable");
await session.post("HeapProfiler.startSampling", {
  samplingInterval: 4096,
  includeObjectsCollectedByMajorGC: true,
  includeObjectsCollectedByMinorGC: true,
} as HeapProfiler.StartSamplingParameterType);
const measured = await load();
const { profile: heap } = await session.post("HeapProfiler.stopSampling");
session.disconnect();

const shares = new Map<string, { microseconds: number; bytes: number }>();
addTimes(profile, timed.latencies.length);
addBytes(heap.head, measured.latencies.length);
console.log(`${server.name}: ${callers} callers, ${values.threads} threads`);
console.log(`${timed.rate.toFixed(0)} commands a second with the profiler of time`);
console.log("\n  µs a command   bytes a command");
const rows = [...shares].sort(([, a], [, b]) => b.microseconds - a.microseconds);
for (const [name, share] of rows.slice(0, Number(values.rows))) printRow(name, share);
printRow("all", {
  microseconds: rows.reduce((sum, [, { microseconds }]) => sum + microseconds, 0),
  bytes: rows.reduce((sum, [, { bytes }]) => sum + bytes, 0),
});

function printRow(name: string, share: { microseconds: number; bytes: number }): void {
  console.log(
    `${share.microseconds.toFixed(3).padStart(14)}${share.bytes.toFixed(0).padStart(18)}   ${name}`,
  );
}

function addTimes({ nodes, samples, timeDeltas }: Profiler.Profile, commands: number): void {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, describe(callFrame)]));
  samples!.forEach((id, index) => {
    shareOf(names.get(id)!).microseconds += timeDeltas![index]! / commands;
  });
}

function addBytes(node: HeapProfiler.SamplingHeapProfileNode, commands: number): void {
  shareOf(describe(node.callFrame)).bytes += node.selfSize / commands;
  for (const child of node.children) addBytes(child, commands);
}

function shareOf(name: string): { microseconds: number; bytes: number } {
  const share = shares.get(name) ?? { microseconds: 0, bytes: 0 };
  shares.set(name, share);
  return share;
}

/** Names a function, with its file and line, if it has them. */
function describe(
  { functionName, url, lineNumber }: { functionName: string; url: string; lineNumber: number },
): string {
  const file = url.replace(import.meta.resolve("../../"), "");
  return `${functionName || "(anonymous)"}${file && ` ${file}:${lineNumber + 1}`}`;
}
