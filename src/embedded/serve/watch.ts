import { delay } from "@std/async/delay";
import type { EngineName, Log } from "../engines/engine.ts";
import type { Crew } from "./crew.ts";
import type { ServerThread } from "./thread.ts";

/** How often is looked after threads that run JavaScript, and after threads that do not. */
const BUSY_TICK_MS = 10;
const IDLE_TICK_MS = 100;

/** How long past its limit a command may be before its thread is given up: V8 ends most by itself. */
const GRACE_MS = 100;

/** How long a thread that was given up may go on. */
const MAX_STUCK_MS = 2_000;

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

/** A command that runs, since when it has been seen to. */
interface Sighting {
  readonly run: number | undefined;
  readonly since: number;
}

/**
 * Holds a server to the limits that its engine cannot hold it to: the memory of the whole process, and,
 * on V8, a command in a function of V8's own that nothing interrupts, whose thread is given up. QuickJS
 * always interrupts itself.
 *
 * @returns Rejects when the server has to end, and says why.
 */
export async function watch(
  threads: readonly ServerThread[],
  crew: Crew,
  { engine, maxCommandRuntimeUs, maxMemoryMb }: Limits,
  log: Log,
): Promise<never> {
  const memoryMb = maxMemoryMb ?? OWN_MEMORY_MB + THREAD_MEMORY_MB[engine] * threads.length;
  const maxRuntimeMs = engine === "v8" ? maxCommandRuntimeUs / 1000 + GRACE_MS : Infinity;
  const sightings = new Map<ServerThread, Sighting>();
  const stuck = new Map<ServerThread["channel"], number>();
  if (engine === "v8") crew.standBy();
  for (;;) {
    const now = performance.now();
    let busy = stuck.size > 0;
    for (const thread of threads) {
      const { run } = thread.channel.status;
      busy ||= run !== undefined;
      const last = sightings.get(thread);
      if (run === undefined || last?.run !== run) {
        sightings.set(thread, { run, since: now });
      } else if (now - last.since > maxRuntimeMs) {
        const { channel } = thread;
        if (!replace(thread, crew, now - last.since)) continue;
        stuck.set(channel, now);
        log(
          "ERROR",
          `Cannot interrupt the command '${channel.status.id}'; its thread is given up.`,
        );
      }
    }
    for (const [channel, since] of stuck) {
      if (!channel.status.isStuck) stuck.delete(channel);
      else if (now - since > MAX_STUCK_MS) {
        throw new Error(
          `Cannot go on: the command '${channel.status.id}' cannot be interrupted, ` +
            `${MAX_STUCK_MS} ms after its thread was given up`,
        );
      }
    }
    const usedMb = Deno.memoryUsage().rss / MEBIBYTE;
    if (usedMb > memoryMb) {
      throw new Error(
        `Cannot go on: the server takes ${Math.round(usedMb)} MiB of memory, and may take ` +
          `${memoryMb} (maxMemoryMb)`,
      );
    }
    await delay(busy ? BUSY_TICK_MS : IDLE_TICK_MS);
  }
}

/** Puts another worker in the place of one whose command runs on; false if that has just ended. */
function replace(thread: ServerThread, crew: Crew, elapsedMs: number): boolean {
  const { status } = thread.channel;
  if (!status.condemn()) return false;
  thread.employ(crew.take(), { id: status.id, elapsedMs });
  return true;
}
