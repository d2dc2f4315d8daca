import { delay } from "@std/async/delay";
import type { EngineName, Log } from "../engines/engine.ts";
import type { WorkerPool } from "./worker_pool.ts";
import type { ServerThread } from "./thread.ts";
import { ThreadWatchdog } from "./thread_watchdog.ts";

/** How often is looked after threads that run JavaScript, and after threads that do not. */
const BUSY_TICK_MS = 10;
const IDLE_TICK_MS = 100;

const MEBIBYTE = 1 << 20;

/** The memory that a server may take for itself, and for each thread, unless it is told otherwise. */
const OWN_MEMORY_MB = 512;
const THREAD_MEMORY_MB: Readonly<Record<EngineName, number>> = { quickjs: 320, v8: 128 };

/** What a server is held to. */
export interface Limits {
  readonly engine: EngineName;
  /** The longest run of a command, in microseconds. */
  readonly maxCommandRuntimeUs: number;
  /** The memory that the server may take, in MiB; undefined for the default. */
  readonly maxMemoryMb: number | undefined;
}

/**
 * Holds a server to the limits that its engine cannot hold it to: the memory of the whole process, and,
 * on V8, a command in a function of V8's own that nothing interrupts, whose thread is given up. QuickJS
 * always interrupts itself.
 *
 * @returns Rejects when the server has to end, and says why.
 */
export async function runWatchdog(
  threads: readonly ServerThread[],
  pool: WorkerPool,
  { engine, maxCommandRuntimeUs, maxMemoryMb }: Limits,
  log: Log,
): Promise<never> {
  const memoryMb = maxMemoryMb ?? OWN_MEMORY_MB + THREAD_MEMORY_MB[engine] * threads.length;
  const watchdogs = engine === "v8"
    ? threads.map((thread) => new ThreadWatchdog(thread, pool, maxCommandRuntimeUs / 1000, log))
    : [];
  if (engine === "v8") pool.startSpare();
  for (;;) {
    for (const watchdog of watchdogs) watchdog.check();
    for (const thread of threads) thread.flush();
    checkMemory(memoryMb);
    const busy = threads.some((thread) => thread.channel.status.runNumber !== undefined);
    await delay(busy ? BUSY_TICK_MS : IDLE_TICK_MS);
  }
}

function checkMemory(limitMb: number): void {
  const usedMb = Math.round(Deno.memoryUsage().rss / MEBIBYTE);
  if (usedMb <= limitMb) return;
  throw new Error(
    `Cannot go on: the server takes ${usedMb} MiB of memory, the limit is ${limitMb} (maxMemoryMb)`,
  );
}
