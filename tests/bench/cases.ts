import type { TestServer } from "../conformance/servers.ts";
import { startClient } from "../support/start_client.ts";
import { runBareLoop, runBareMessageLoop } from "./bare_loop.ts";
import { ConventionalClient } from "./conventional.ts";
import { callersRate, inTurns, percentile, type Rig, startRig } from "./measure.ts";

/** A command that takes no time. */
export const INCREMENT = "(_, n) => n + 1";
const BUSY_MS = "(_, ms) => { const end = Date.now() + ms; while (Date.now() < end); return ms }";
const MESSAGES = "(_, n) => { while (n-- > 0) JSockD.sendMessage(n); return 0 }";
const LARGE = `(_, n) => globalThis.large ??=
  Array.from({ length: n }, (_, i) => ({ id: i, text: "x".repeat(180) }))`;
const CALLERS = 64;
const TURN_MS = 300;

/** The result of a case: a ratio, and the figures behind it. */
export interface Outcome {
  readonly ratio: number;
  readonly detail: string;
}

/** A bound for a ratio. */
export type Target = { readonly atLeast: number } | { readonly atMost: number };

/** A ratio to reach, and a function that measures it. */
export interface Case {
  readonly name: string;
  readonly target: Target;
  /** Whether only the servers are measured that can isolate commands. */
  readonly needsIsolation?: true;
  /** Whether a NATS server is started. */
  readonly needsNats?: true;
  readonly measure: (server: TestServer) => Promise<Outcome>;
}

/** The cases, with the ratios that the client is meant to reach. */
export const CASES: readonly Case[] = [
  { name: "1 caller: latency against the bare loop", target: { atMost: 1.1 }, measure: oneCaller },
  {
    name: "64 callers: throughput against the bare loop, 64 in flight",
    target: { atLeast: 0.85 },
    measure: manyCallers,
  },
  { name: "64 callers: throughput against depth 1", target: { atLeast: 6 }, measure: depthOne },
  {
    name: "64 callers, 1 thread: throughput against a conventional client",
    target: { atLeast: 10 },
    measure: (server) => conventional(server, 1),
  },
  {
    name: "64 callers, 2 threads: throughput against a conventional client",
    target: { atLeast: 5 },
    measure: (server) => conventional(server, 2),
  },
  { name: "64 callers, 1 thread: p99 against p50", target: { atMost: 4 }, measure: tail },
  { name: "64 callers: 2 threads against 1", target: { atLeast: 1.1 }, measure: twoThreads },
  {
    name: "2 ms renders, 2 threads: throughput against 2 bare loops",
    target: { atLeast: 0.97 },
    measure: renders,
  },
  { name: "2 ms renders: p99 against depth 1", target: { atMost: 1 }, measure: renderLatency },
  { name: "beside a slow command: p99 of quick ones", target: { atMost: 2 }, measure: besideSlow },
  { name: "messages against the bare loop", target: { atLeast: 0.8 }, measure: messages },
  { name: "20 MB result against JSON.parse", target: { atMost: 1.2 }, measure: largeResult },
];

/** A client, or one of another kind. */
type Runs = { run(query: string, param: number): Promise<unknown> };

function increments(client: Runs, callers: number): () => Promise<number> {
  return async () => (await callersRate(callers, TURN_MS, (n) => client.run(INCREMENT, n))).rate;
}

async function oneCaller(server: TestServer): Promise<Outcome> {
  await using rig = await startRig(server, { nThreads: 1 });
  const loop = { query: INCREMENT, param: "41", inFlight: 1 };
  const { client, bare } = await inTurns({
    client: increments(rig.client, 1),
    bare: () => runBareLoop(rig.sockets[0]!, loop, TURN_MS),
  });
  return {
    ratio: bare / client,
    detail: `${micro(client)} µs, ${micro(bare)} µs`,
  };
}

async function manyCallers(server: TestServer): Promise<Outcome> {
  await using rig = await startRig(server, { nThreads: 1 });
  const loop = { query: INCREMENT, param: "41", inFlight: CALLERS };
  const { client, bare } = await inTurns({
    client: increments(rig.client, CALLERS),
    bare: () => runBareLoop(rig.sockets[0]!, loop, TURN_MS),
  });
  return rates(client, bare);
}

async function depthOne(server: TestServer): Promise<Outcome> {
  await using pipelining = await startClient(server, { nThreads: 1 });
  await using strict = await startClient(server, { nThreads: 1, maxPipelineDepth: 1 });
  const { pipelined, oneByOne } = await inTurns({
    pipelined: increments(pipelining, CALLERS),
    oneByOne: increments(strict, CALLERS),
  });
  return rates(pipelined, oneByOne);
}

async function conventional(server: TestServer, nThreads: number): Promise<Outcome> {
  await using rig = await startRig(server, { nThreads });
  const client = new ConventionalClient(rig.sockets);
  const { ours, theirs } = await inTurns({
    ours: increments(rig.client, CALLERS),
    theirs: increments(client, CALLERS),
  });
  return rates(ours, theirs);
}

async function tail(server: TestServer): Promise<Outcome> {
  await using client = await startClient(server, { nThreads: 1 });
  let latencies: number[] = [];
  const { p99, p50 } = await inTurns({
    p99: async () => {
      ({ latencies } = await callersRate(CALLERS, TURN_MS, (n) => client.run(INCREMENT, n)));
      return percentile(latencies, 0.99);
    },
    p50: () => Promise.resolve(percentile(latencies, 0.5)),
  });
  return times(p99, p50);
}

async function twoThreads(server: TestServer): Promise<Outcome> {
  await using twoThreaded = await startClient(server, { nThreads: 2 });
  await using oneThreaded = await startClient(server, { nThreads: 1 });
  const { two, one } = await inTurns({
    two: increments(twoThreaded, CALLERS),
    one: increments(oneThreaded, CALLERS),
  });
  return rates(two, one);
}

async function renders(server: TestServer): Promise<Outcome> {
  await using rig = await startRig(server, { nThreads: 2 });
  const loop = { query: BUSY_MS, param: "2", inFlight: 1 };
  const { client, bare } = await inTurns({
    client: async () =>
      (await callersRate(CALLERS, TURN_MS, () => rig.client.run(BUSY_MS, 2))).rate,
    bare: async () => {
      const loops = rig.sockets.map((socket) => runBareLoop(socket, loop, TURN_MS));
      return (await Promise.all(loops)).reduce((sum, rate) => sum + rate);
    },
  });
  return rates(client, bare);
}

async function renderLatency(server: TestServer): Promise<Outcome> {
  await using pipelining = await startClient(server, { nThreads: 2 });
  await using strict = await startClient(server, { nThreads: 2, maxPipelineDepth: 1 });
  const p99 = (client: Rig["client"]) => async () => {
    const { latencies } = await callersRate(CALLERS, TURN_MS, () => client.run(BUSY_MS, 2));
    return percentile(latencies, 0.99);
  };
  const { pipelined, oneByOne } = await inTurns({
    pipelined: p99(pipelining),
    oneByOne: p99(strict),
  });
  return times(pipelined, oneByOne);
}

async function besideSlow(server: TestServer): Promise<Outcome> {
  const config = { nThreads: 2, maxCommandRuntimeUs: 10_000_000 };
  await using client = await startClient(server, config);
  const p99 = async () => {
    const { latencies } = await callersRate(1, 400, (n) => client.run(INCREMENT, n));
    return percentile(latencies, 0.99);
  };
  const { beside, alone } = await inTurns({
    beside: async () => {
      const slow = client.run(BUSY_MS, 500);
      const value = await p99();
      await slow;
      return value;
    },
    alone: p99,
  });
  return times(beside, alone);
}

async function messages(server: TestServer): Promise<Outcome> {
  const count = 2_000;
  const config = { nThreads: 1, maxCommandRuntimeUs: 60_000_000 };
  await using rig = await startRig(server, config);
  const { client, bare } = await inTurns({
    client: async () => {
      const start = performance.now();
      await rig.client.run(MESSAGES, count, () => 1);
      return count / (performance.now() - start) * 1000;
    },
    bare: () => runBareMessageLoop(rig.sockets[0]!, MESSAGES, count),
  });
  return rates(client, bare);
}

/**
 * Compares the time that the client adds with `JSON.parse()`. The bare loop measures the time of
 * the server and the socket, which is subtracted.
 */
async function largeResult(server: TestServer): Promise<Outcome> {
  const config = { nThreads: 1, maxCommandRuntimeUs: 60_000_000 };
  await using rig = await startRig(server, config);
  const json = await rig.client.runRaw(LARGE, "100000");
  const loop = { query: LARGE, param: "100000", inFlight: 1 };
  const { client, bare, parse } = await inTurns({
    client: () => time(() => rig.client.run(LARGE, 100_000)),
    bare: () => time(() => runBareLoop(rig.sockets[0]!, loop, 0)),
    parse: () => time(() => JSON.parse(json)),
  });
  const { ratio, detail } = times(client - bare, parse);
  return {
    ratio,
    detail: `${detail}; in all ${client.toFixed(0)} ms of ${json.length} characters`,
  };
}

async function time(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function rates(ours: number, theirs: number): Outcome {
  return { ratio: ours / theirs, detail: `${ours.toFixed(0)}/s, ${theirs.toFixed(0)}/s` };
}

function times(ours: number, theirs: number): Outcome {
  return { ratio: ours / theirs, detail: `${ours.toFixed(2)} ms, ${theirs.toFixed(2)} ms` };
}

function micro(perSecond: number): string {
  return (1_000_000 / perSecond).toFixed(1);
}
