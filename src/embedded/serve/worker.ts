import { type Engine, type EngineHost, LoadError } from "../engines/engine.ts";
import { collectGarbage } from "../engines/garbage.ts";
import { Output } from "../session/output.ts";
import { Requests } from "../session/requests.ts";
import { CondemnedError } from "../session/run_status.ts";
import { Session } from "../session/session.ts";
import { type EntryWriter, makeLog } from "./log.ts";
import { ThreadChannel } from "./thread_memory.ts";
import type { WorkerPost, WorkerReport, WorkerSetup } from "./worker_messages.ts";

/** What is used of a worker's global scope; `self` has the types of the main thread's. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<WorkerSetup | WorkerPost>) => void) | null;
  onunhandledrejection: ((event: PromiseRejectionEvent) => void) | null;
  postMessage(message: WorkerReport): void;
  close(): void;
}

/** Creates the engine of a worker, or the one that takes its place. */
export type CreateEngine = (setup: WorkerSetup, host: EngineHost) => Promise<Engine>;

const scope = self as unknown as WorkerScope;

/** Serves one client in this worker: the whole program of the worker. */
export function runWorker(createEngine: CreateEngine): void {
  // Of a command's own: nobody in the worker waits for it.
  scope.onunhandledrejection = (event) => event.preventDefault();
  scope.onmessage = async ({ data }) => {
    if (data.type !== "setup") throw new Error("Expected the setup first");
    const worker = new EngineWorker(createEngine, data);
    scope.onmessage = ({ data }) => {
      // Not in the event itself: if V8 interrupts too late, Deno survives that in a timer alone.
      if (data.type === "post") setTimeout(() => worker.serveOrEnd(data));
    };
    await worker.loaded;
  };
}

class EngineWorker {
  /** Resolves when the engine is loaded, or never will be, and the main thread knows. */
  readonly loaded: Promise<void>;
  readonly #createEngine: CreateEngine;
  readonly #setup: WorkerSetup;
  /** Where the log goes once there is a thread whose log it is. */
  #writeEntry: EntryWriter = () => {};
  #session: Session | undefined;
  #engine: Engine | undefined;

  constructor(createEngine: CreateEngine, setup: WorkerSetup) {
    this.#createEngine = createEngine;
    this.#setup = setup;
    this.loaded = this.#load();
  }

  async #load(): Promise<void> {
    try {
      this.#engine = await this.#newEngine();
      scope.postMessage({ type: "ready" });
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      scope.postMessage({ type: "failed", message: error.message });
    }
  }

  /** Serves a client, and ends the worker if that has to end for another to go on. */
  async serveOrEnd(post: WorkerPost): Promise<void> {
    try {
      // A worker that takes another's place may be needed before it is ready.
      await this.loaded;
      await this.serve(post);
    } catch (error) {
      if (!(error instanceof CondemnedError)) throw error;
      scope.close();
    }
  }

  /** Blocks until the client wants the server to end: requests come through memory, not as events. */
  async serve({ memory, idleTimeout, interrupted }: WorkerPost): Promise<void> {
    const { input, output, log, status } = new ThreadChannel(memory);
    const logOutput = new Output(log);
    const requests = new Requests(input, this.#setup.separator);
    const session = new Session({ requests, output: new Output(output), status, log: this.#log });
    this.#session = session;
    this.#writeEntry = (entry) => session.outside(() => logOutput.write(entry));
    if (interrupted !== undefined) {
      const outcome = this.#engine!.interrupted(interrupted.elapsedMs);
      session.answerInterrupted(interrupted.id, outcome);
    }
    for (;;) {
      this.#engine ??= await this.#newEngine();
      const pause = session.serve(this.#engine, idleTimeout);
      if (pause === "quit") break;
      this.#engine = undefined;
      if (pause === "idle") {
        // The engine's memory is free until there is something to do.
        collectGarbage();
        requests.wait();
      }
    }
    scope.postMessage({ type: "quit" });
  }

  get #log() {
    return makeLog((entry) => this.#writeEntry(entry), this.#setup.logPrefix);
  }

  #newEngine(): Promise<Engine> {
    return this.#createEngine(this.#setup, {
      log: this.#log,
      sendMessage: (json) => this.#session!.sendMessage(json),
    });
  }
}
