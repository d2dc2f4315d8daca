import { delay } from "@std/async/delay";
import { DEFAULT_MEMORY_BYTES, type EngineName, type Log } from "../engines/engine.ts";
import type { WorkerPool } from "./worker_pool.ts";
import type { ServerThread } from "./thread.ts";
import { ThreadWatchdog } from "./thread_watchdog.ts";

/** The interval of the checks while a thread runs JavaScript, and while none does. */
const BUSY_TICK_MS = 10;
const IDLE_TICK_MS = 100;

const MEBIBYTE = 1 << 20;

/** The default memory limit: so much for the server itself, and so much for each thread. */
const OWN_MEMORY_MB = 512;
const THREAD_MEMORY_MB: Readonly<Record<EngineName, number>> = { quickjs: 64, v8: 128 };

/** The limits of a server. */
export interface Limits {
  readonly engine: EngineName;
  /** The time limit of a command, in microseconds. */
  readonly maxCommandRuntimeUs: number;
  /** The memory limit of the server's process, in MiB; undefined for the default. */
  readonly maxMemoryMb: number | undefined;
  /** The memory limit of each thread in QuickJS, or of the process on V8; undefined for the default. */
  readonly maxMemoryBytes: number | undefined;
}

/**
 * Enforces the limits that the engine itself cannot enforce: the memory of the whole process, and
 * the time limit of a command that V8 cannot interrupt because it is in a native function. QuickJS
 * can interrupt every command.
 *
 * @returns A promise that rejects, with the reason, when the server has to exit.
 */
export async function runWatchdog(
  threads: readonly ServerThread[],
  pool: WorkerPool,
  limits: Limits,
  log: Log,
): Promise<never> {
  const { engine, maxCommandRuntimeUs } = limits;
  const memoryMb = memoryLimitMb(limits, threads.length);
  const watchdogs = engine === "v8"
    ? threads.map((thread) => new ThreadWatchdog(thread, pool, maxCommandRuntimeUs / 1000, log))
    : [];
  for (;;) {
    if (engine === "v8") pool.keepSpare();
    for (const watchdog of watchdogs) watchdog.check();
    for (const thread of threads) thread.flush();
    checkMemory(memoryMb);
    const busy = threads.some((thread) => thread.channel.status.runNumber !== undefined);
    await delay(busy ? BUSY_TICK_MS : IDLE_TICK_MS);
  }
}

/** Returns the memory limit of a server, in MiB. */
export function memoryLimitMb(
  { engine, maxMemoryMb, maxMemoryBytes }: Omit<Limits, "maxCommandRuntimeUs">,
  threads: number,
): number {
  if (maxMemoryMb !== undefined) return maxMemoryMb;
  if (engine === "v8" && maxMemoryBytes !== undefined) return Math.floor(maxMemoryBytes / MEBIBYTE);
  // The memory of QuickJS has a limit of its own, and belongs to the process as well.
  const engineMb = engine === "v8" ? 0 : (maxMemoryBytes ?? DEFAULT_MEMORY_BYTES) / MEBIBYTE;
  return OWN_MEMORY_MB + Math.ceil(engineMb + THREAD_MEMORY_MB[engine]) * threads;
}

function checkMemory(limitMb: number): void {
  const usedMb = Math.round(Deno.memoryUsage().rss / MEBIBYTE);
  if (usedMb <= limitMb) return;
  throw new Error(
    `Cannot go on: the server takes ${usedMb} MiB of memory, the limit is ${limitMb} (maxMemoryMb ` +
      "or maxMemoryBytes); raise it, or keep less in commands and globals",
  );
}
