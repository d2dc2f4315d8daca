import { connect } from "@nats-io/transport-node";
import { connectNatsJSockD } from "../../src/nats/mod.ts";
import type { TestServer } from "../conformance/servers.ts";
import { WorkerProcess } from "../nats/worker_process.ts";
import { NatsServer } from "../support/nats_server.ts";
import { startClient } from "../support/start_client.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { type Case, INCREMENT } from "./cases.ts";
import { callersRate, inTurns } from "./measure.ts";
import { buildPages, pageRenderer } from "./react_page.ts";

const CALLERS = 64;
const TURN_MS = 1_000;
const SUBJECT = "bench";

/** Runs for two milliseconds, as a render may. */
const RENDER = "(_, ms) => { const end = Date.now() + ms; while (Date.now() < end); return ms }";

/** The cases of farms, with the ratios to reach. All processes share this machine. */
export const NATS_CASES: readonly Case[] = [
  {
    name: "over NATS, 64 callers: throughput against bare requests of NATS's client",
    target: { atLeast: 0.5 },
    needsNats: true,
    measure: bareRequests,
  },
  {
    name: "over NATS, React page of 100 reviews: throughput against the socket",
    target: { atLeast: 0.7 },
    needsNats: true,
    measure: reactPages,
  },
  {
    name: "over NATS, 2 ms renders: two workers against one",
    target: { atLeast: 1.8 },
    needsNats: true,
    measure: twoWorkers,
  },
];

async function bareRequests(server: TestServer) {
  await using nats = await NatsServer.start();
  await using _responder = await startResponder(nats.url, "bare");
  await using _worker = await startWorker(server, nats.url, SUBJECT);
  await using client = await connectNatsJSockD({ servers: nats.url, subject: SUBJECT });
  await using bare = await connect({ servers: nats.url });
  return await compare({
    ours: (n) => client.run(INCREMENT, n),
    theirs: async (n) => Number((await bare.request("bare", String(n))).string()),
  });
}

async function reactPages(server: TestServer) {
  await using folder = await TempFolder.make();
  const pages = await buildPages(server, folder.path);
  await using nats = await NatsServer.start();
  await using _worker = await startWorker(server, nats.url, SUBJECT, folder.path);
  await using client = await connectNatsJSockD({ servers: nats.url, subject: SUBJECT });
  await using direct = await startClient(server, {
    ...pages,
    nThreads: 1,
    maxCommandRuntimeUs: 10_000_000,
  });
  return await compare({ ours: pageRenderer(client), theirs: pageRenderer(direct) });
}

async function twoWorkers(server: TestServer) {
  await using nats = await NatsServer.start();
  await using _one = await startWorker(server, nats.url, "one");
  await using _first = await startWorker(server, nats.url, "two");
  await using _second = await startWorker(server, nats.url, "two");
  await using two = await connectNatsJSockD({ servers: nats.url, subject: "two" });
  await using one = await connectNatsJSockD({ servers: nats.url, subject: "one" });
  return await compare({ ours: () => two.run(RENDER, 2), theirs: () => one.run(RENDER, 2) });
}

async function compare(
  calls: Record<"ours" | "theirs", (n: number) => Promise<unknown>>,
) {
  const rate = (call: (n: number) => Promise<unknown>) => async () =>
    (await callersRate(CALLERS, TURN_MS, call)).rate;
  const { ours, theirs } = await inTurns({
    ours: rate(calls.ours),
    theirs: rate(calls.theirs),
  });
  return { ratio: ours / theirs, detail: `${ours.toFixed(0)}/s, ${theirs.toFixed(0)}/s` };
}

function startWorker(server: TestServer, nats: string, subject: string, module?: string) {
  return WorkerProcess.start({
    nats,
    subject,
    server: server.name === "v8" ? ["--embedded", "--engine", "v8"] : ["--exec", server.command[0]],
    args: ["--allow-code"],
    ...module !== undefined && { module },
  });
}

async function startResponder(nats: string, subject: string): Promise<AsyncDisposable> {
  const program = new URL("nats_responder.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", program, nats, subject],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  return {
    async [Symbol.asyncDispose]() {
      await reader.cancel();
      child.kill("SIGKILL");
      await child.status;
    },
  };
}
