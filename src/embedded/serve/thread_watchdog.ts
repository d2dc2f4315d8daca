import type { Log } from "../engines/engine.ts";
import type { RunStatus } from "../session/run_status.ts";
import type { WorkerPool } from "./worker_pool.ts";
import type { ServerThread } from "./thread.ts";

/** How long past its limit a command may be before its worker is given up: V8 ends most by itself. */
const GRACE_MS = 100;

/** How long JavaScript may go on in a worker that was given up. Nothing can end it but the process. */
const MAX_STUCK_MS = 2_000;

/** A thread on V8, whose worker is replaced if V8 cannot interrupt what it runs. */
export class ThreadWatchdog {
  readonly #thread: ServerThread;
  readonly #pool: WorkerPool;
  readonly #maxRuntimeMs: number;
  readonly #log: Log;
  /** The number of the command that runs, and since when it has been seen to. */
  #runNumber: number | undefined;
  #runStartedAt = 0;
  /** The workers that were given up and still run JavaScript, and since when. */
  readonly #stuck = new Map<RunStatus, number>();

  constructor(thread: ServerThread, pool: WorkerPool, maxRuntimeMs: number, log: Log) {
    this.#thread = thread;
    this.#pool = pool;
    this.#maxRuntimeMs = maxRuntimeMs;
    this.#log = log;
    // V8 has interrupted the worker itself, a moment after the command.
    thread.onWorkerError = (error) => {
      if (!this.#replaceWorker(error.message)) thread.fail(error);
    };
  }

  /**
   * Looks at the command that runs; to be called every few milliseconds.
   *
   * @throws If JavaScript goes on in a worker that was given up.
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
          `Cannot go on: the command '${status.commandId}' still runs ${MAX_STUCK_MS} ms after it was given ` +
            "up, and cannot be interrupted",
        );
      }
    }
  }

  /** Puts another worker in the place of the present one; false if no command runs in that. */
  #replaceWorker(reason: string): boolean {
    const { status } = this.#thread.channel;
    if (!status.abandon()) return false;
    this.#log("ERROR", `Giving up the thread of the command '${status.commandId}': ${reason}`);
    const elapsedMs = performance.now() - this.#runStartedAt;
    this.#thread.assign(this.#pool.takeSpare(), { id: status.commandId, elapsedMs });
    return true;
  }
}
