import type { WorkerAssignment, WorkerReport, WorkerSetup } from "./worker_messages.ts";

/** Not written where it is used: where TypeScript has the types of browsers, `deno` is not in them. */
const WITHOUT_PERMISSIONS = { type: "module", deno: { permissions: "none" } } as const;

/** A worker as the main thread sees it: an engine that is loaded, and may serve one client. */
export class EngineWorker implements Disposable {
  /** Resolves when the engine is loaded; rejects if it cannot be, or if the worker fails later. */
  readonly ready: Promise<void>;
  /** Resolves when the client wants the server to end; rejects if the worker fails. */
  readonly ended: Promise<void>;
  readonly #worker: Worker;

  /**
   * Starts a worker without any permission.
   *
   * @param program The URL of its program.
   */
  constructor(program: URL, setup: WorkerSetup) {
    const ready = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    this.ready = Promise.race([ready.promise, ended.promise]);
    this.ended = ended.promise;
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
    this.#worker.postMessage(setup);
  }

  /** Has the worker serve a client. */
  assign(assignment: WorkerAssignment): void {
    this.#worker.postMessage(assignment);
  }

  /** Ends the worker, whatever it is doing. */
  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
