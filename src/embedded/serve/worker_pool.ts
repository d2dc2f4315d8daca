import { EngineWorker } from "./engine_worker.ts";
import type { WorkerSetup } from "./worker_messages.ts";

/**
 * When a spare worker is started, after the server or after the last spare was taken. The main thread
 * waits while Deno creates a worker, and that would delay the first commands, or the new thread's.
 */
const SPARE_AFTER_MS = 100;

/** Starts workers that replace others, and keeps a spare one. */
export class WorkerPool {
  readonly #program: URL;
  readonly #setup: WorkerSetup;
  #spare: EngineWorker | undefined;
  #spareDueAt = performance.now() + SPARE_AFTER_MS;

  /** @param program The URL of the script that the workers run. */
  constructor(program: URL, setup: WorkerSetup) {
    this.#program = program;
    this.#setup = setup;
  }

  /** Starts a worker. */
  start(): EngineWorker {
    const worker = new EngineWorker(this.#program);
    worker.setUp(this.#setup);
    return worker;
  }

  /** Starts a spare worker if it is time, so that its engine is loaded before it is needed. */
  keepSpare(): void {
    if (performance.now() > this.#spareDueAt) this.#spare ??= this.start();
  }

  /** Returns the spare worker. */
  takeSpare(): EngineWorker {
    const worker = this.#spare ?? this.start();
    this.#spare = undefined;
    this.#spareDueAt = performance.now() + SPARE_AFTER_MS;
    return worker;
  }
}
