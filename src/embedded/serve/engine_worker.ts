import type { WorkerAssignment, WorkerReport, WorkerSetup } from "./worker_messages.ts";

/** Not written in the call, where it is an error if the types of browsers, without `deno`, apply. */
const WITHOUT_PERMISSIONS = { type: "module", deno: { permissions: "none" } } as const;

/** A worker, seen from the main thread. It loads an engine, and then serves one client. */
export class EngineWorker {
  /** Resolves when the engine is loaded. Rejects if it cannot be loaded or the worker fails. */
  readonly ready: Promise<void>;
  /** Resolves when the client sends `?quit`. Rejects if the worker fails. */
  readonly ended: Promise<void>;
  readonly #worker: Worker;

  /**
   * Starts a worker without permissions.
   *
   * @param program The URL of the script that it runs.
   */
  constructor(program: URL) {
    const ready = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    this.ready = Promise.race([ready.promise, ended.promise]);
    this.ended = ended.promise;
    // Nobody may be waiting yet.
    this.ready.catch(() => {});
    this.ended.catch(() => {});
    this.#worker = new Worker(program, WITHOUT_PERMISSIONS);
    this.#worker.onmessage = ({ data }: MessageEvent<WorkerReport>) => {
      if (data.type === "ready") ready.resolve();
      else if (data.type === "quit") ended.resolve();
      else ended.reject(new Error(data.message));
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      ended.reject(new Error(event.message));
    };
  }

  /** Lets the worker load its engine. Call it once, before {@linkcode assign}. */
  setUp(setup: WorkerSetup): void {
    this.#worker.postMessage(setup);
  }

  /** Assigns a client to the worker. */
  assign(assignment: WorkerAssignment): void {
    this.#worker.postMessage(assignment);
  }
}
