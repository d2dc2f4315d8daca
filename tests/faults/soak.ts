/**
 * Kills a server with SIGKILL every second while many callers use it, and prints how their commands
 * settled. Fails if a command had a wrong result or never settled, or if descriptors are left open.
 *
 *     deno task soak [--seconds N] [--engine quickjs|v8] [--idempotent]
 *
 * With `--idempotent`, no command may be rejected.
 *
 * The server is the first in the environment variable `JSOCKD`, or else, and with `--engine`, an
 * embedded one.
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

/** Returns the number of open files, sockets and pipes; undefined if the system cannot tell. */
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
  const callers = new Callers(client, CALLERS, { idempotent: values.idempotent });
  for (let second = 0; second < seconds; second++) {
    await delay(1_000);
    kill(client);
  }
  // If commands have not settled by then, the tally shows it.
  const tally = await within(callers.stop(), "the last commands").catch(() => callers.tally);
  await client.close();
  return { tally, restarts: client.stats().restarts };
}

function kill(client: JSockDClient): void {
  try {
    Deno.kill(client.pid, "SIGKILL");
  } catch {
    // It is dead already, and being restarted.
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
  options: {
    seconds: { type: "string", default: String(MINUTE_S) },
    engine: { type: "string" },
    idempotent: { type: "boolean", default: false },
  },
});
const [jsockd] = Deno.env.get("JSOCKD")?.split(":") ?? [];
const server: ServerCommand = jsockd && values.engine === undefined
  ? jsockd
  : embeddedServer({ engine: values.engine === "v8" ? "v8" : "quickjs" });

// Some descriptors are opened once, by the first server. This makes sure that they are open
// already.
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
const allowed = values.idempotent ? 0 : rejected;
Deno.exit(tally.wrong === 0 && unsettled === 0 && rejected <= allowed && grown <= 0 ? 0 : 1);
