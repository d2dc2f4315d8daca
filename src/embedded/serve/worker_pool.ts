import { EngineWorker } from "./engine_worker.ts";
import type { WorkerSetup } from "./worker_messages.ts";

/** The workers of a server, and one that stands by if any may have to be replaced. */
export class WorkerPool {
  readonly #program: URL;
  readonly #setup: WorkerSetup;
  #spare: EngineWorker | undefined;

  /** @param program The URL of the workers' program. */
  constructor(program: URL, setup: WorkerSetup) {
    this.#program = program;
    this.#setup = setup;
  }

  /** Starts a worker. */
  start(): EngineWorker {
    return new EngineWorker(this.#program, this.#setup);
  }

  /** Has a worker stand by, so that {@linkcode WorkerPool.takeSpare} need not wait for its engine. */
  startSpare(): void {
    this.#spare = this.start();
  }

  /** Gives the worker that stands by, and has another take its place. */
  takeSpare(): EngineWorker {
    const worker = this.#spare ?? this.start();
    this.startSpare();
    return worker;
  }
}
