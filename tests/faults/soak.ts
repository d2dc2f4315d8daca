/**
 * Kills a server with SIGKILL every second under many callers, and prints what became of their
 * commands. Fails if one had another's answer or none at all, or if descriptors are left open.
 *
 *     deno task soak [--seconds N]
 *
 * The server is the first that the environment variable `JSOCKD` names, or else the embedded one.
 */
import { parseArgs } from "node:util";
import { delay } from "@std/async/delay";
import { initJSockDClient, type JSockDClient, type ServerCommand } from "../../mod.ts";
import { embeddedServer } from "../../src/embedded/mod.ts";
import { quiet } from "../support/quiet.ts";
import { within } from "../support/within.ts";
import { Callers, type Tally } from "./callers.ts";
import { measureMemory } from "./memory.ts";

const CALLERS = 64;
const THREADS = 4;
const MINUTE_S = 60;
const WARM_UP_S = 3;

/** Open files, sockets and pipes of this process; undefined on a system that does not say. */
function countDescriptors(): number | undefined {
  try {
    return Array.from(Deno.readDirSync("/proc/self/fd")).length;
  } catch {
    return undefined;
  }
}

interface Outcome {
  readonly tally: Tally;
  readonly restarts: number;
}

async function soak(server: ServerCommand, seconds: number): Promise<Outcome> {
  const client = await initJSockDClient(
    quiet({ nThreads: THREADS, skipJSockDVersionCheck: true, maxRestartsPerMinute: 1_000 }),
    server,
  );
  const callers = new Callers(client, CALLERS);
  for (let second = 0; second < seconds; second++) {
    await delay(1_000);
    kill(client);
  }
  // What has not settled by then never will, and shows in the tally.
  const tally = await within(callers.stop(), "the last commands").catch(() => callers.tally);
  await client.close();
  return { tally, restarts: client.stats().restarts };
}

function kill(client: JSockDClient): void {
  try {
    Deno.kill(client.pid, "SIGKILL");
  } catch {
    // It is dead already, and the next one is being started.
  }
}

function describeProcess(): string {
  const { rss, heapUsed } = measureMemory();
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  return `${countDescriptors() ?? "unknown"} descriptors, ` +
    `${megabytes(rss)} resident, ${megabytes(heapUsed)} of JavaScript`;
}

const { values } = parseArgs({
  args: Deno.args,
  options: { seconds: { type: "string", default: String(MINUTE_S) } },
});
const server: ServerCommand = Deno.env.get("JSOCKD")?.split(":")[0] || embeddedServer();

// What starting and killing a server opens once and for all is open after this.
await soak(server, WARM_UP_S);
const descriptorsBefore = countDescriptors();
console.log(`before: ${describeProcess()}`);
const { tally, restarts } = await soak(server, Number(values.seconds));

const rejected = Object.values(tally.rejected).reduce((sum, count) => sum + count, 0);
const unsettled = tally.sent - tally.answered - tally.wrong - rejected;
const grown = (countDescriptors() ?? 0) - (descriptorsBefore ?? 0);
console.log(`after: ${describeProcess()}`);
console.log(`restarts: ${restarts}`);
console.log(`commands sent: ${tally.sent}`);
console.log(`answered: ${tally.answered}`);
console.log(`rejected: ${JSON.stringify(tally.rejected)}`);
console.log(`wrong answers: ${tally.wrong}`);
console.log(`promises unsettled: ${unsettled}`);
console.log(`descriptors more than before: ${grown}`);
Deno.exit(tally.wrong === 0 && unsettled === 0 && grown <= 0 ? 0 : 1);
