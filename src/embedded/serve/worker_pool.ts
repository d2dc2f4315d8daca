import { EngineWorker } from "./engine_worker.ts";
import type { WorkerSetup } from "./worker_messages.ts";

/** Starts workers that replace others, and keeps a spare one. */
export class WorkerPool {
  readonly #program: URL;
  readonly #setup: WorkerSetup;
  #spare: EngineWorker | undefined;

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

  /** Starts the spare worker, so that its engine is loaded before it is needed. */
  startSpare(): void {
    this.#spare = this.start();
  }

  /** Returns the spare worker, and starts the next one. */
  takeSpare(): EngineWorker {
    const worker = this.#spare ?? this.start();
    this.startSpare();
    return worker;
  }
}
