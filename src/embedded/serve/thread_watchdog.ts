import type { Log } from "../engines/engine.ts";
import type { RunStatus } from "../session/run_status.ts";
import type { WorkerPool } from "./worker_pool.ts";
import type { ServerThread } from "./thread.ts";

/** How long a command may exceed its time limit. V8 itself interrupts most commands before that. */
const GRACE_MS = 100;

/** How long an abandoned worker may run JavaScript before the server exits, which stops it. */
const MAX_STUCK_MS = 2_000;

/** Replaces the worker of a thread if V8 cannot interrupt the command that it runs. */
export class ThreadWatchdog {
  readonly #thread: ServerThread;
  readonly #pool: WorkerPool;
  readonly #maxRuntimeMs: number;
  readonly #log: Log;
  /** The number of the running command, and when a check first saw it. */
  #runNumber: number | undefined;
  #runStartedAt = 0;
  /** When each worker was abandoned. Only those that still run JavaScript are kept. */
  readonly #stuck = new Map<RunStatus, number>();

  constructor(thread: ServerThread, pool: WorkerPool, maxRuntimeMs: number, log: Log) {
    this.#thread = thread;
    this.#pool = pool;
    this.#maxRuntimeMs = maxRuntimeMs;
    this.#log = log;
    // V8 meant to interrupt the command, but hit the worker's own code just after it.
    thread.onWorkerError = (error) => {
      if (!this.#replaceWorker(error.message)) thread.fail(error);
    };
  }

  /**
   * Checks the running command. The watchdog calls it every few milliseconds.
   *
   * @throws If an abandoned worker has run JavaScript for too long.
   */
  check(): void {
    const now = performance.now();
    const { runNumber } = this.#thread.channel.status;
    if (runNumber === undefined || runNumber !== this.#runNumber) {
      this.#runNumber = runNumber;
      this.#runStartedAt = now;
    } else if (now - this.#runStartedAt > this.#maxRuntimeMs + GRACE_MS) {
      const { status } = this.#thread.channel;
      if (this.#replaceWorker("it cannot be interrupted")) this.#stuck.set(status, now);
    }
    for (const [status, since] of this.#stuck) {
      if (!status.isStuck) this.#stuck.delete(status);
      else if (now - since > MAX_STUCK_MS) {
        throw new Error(
          `Cannot go on: the command '${status.commandId}' still runs ${MAX_STUCK_MS} ms after it was ` +
            "given up, and cannot be interrupted",
        );
      }
    }
  }

  /** Replaces the worker if it runs a command. Returns whether it did. */
  #replaceWorker(reason: string): boolean {
    const { status } = this.#thread.channel;
    if (!status.abandon()) return false;
    this.#log("ERROR", `Giving up the thread of the command '${status.commandId}': ${reason}`);
    const elapsedMs = performance.now() - this.#runStartedAt;
    this.#thread.assign(this.#pool.takeSpare(), { id: status.commandId, elapsedMs });
    return true;
  }
}
