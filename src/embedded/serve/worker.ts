import { type Engine, type EngineHost, LoadError, type Log } from "../engines/engine.ts";
import { collectGarbage } from "../engines/garbage.ts";
import { RingWriter } from "../session/ring_writer.ts";
import { Requests } from "../session/requests.ts";
import { AbandonedError } from "../session/run_status.ts";
import { Session, type StopReason } from "../session/session.ts";
import { type EntryWriter, makeLog } from "./log.ts";
import { ThreadChannel } from "./thread_memory.ts";
import type { WorkerAssignment, WorkerReport, WorkerSetup } from "./worker_messages.ts";

/** What is used of a worker's global scope; `self` has the types of the main thread's. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<WorkerSetup | WorkerAssignment>) => void) | null;
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
  scope.onmessage = ({ data }) => {
    if (data.type !== "setup") throw new Error("Expected the setup first");
    const program = new WorkerProgram(createEngine, data);
    scope.onmessage = ({ data }) => {
      if (data.type === "assignment") void program.serve(data);
    };
  };
}

class WorkerProgram {
  readonly #createEngine: CreateEngine;
  readonly #setup: WorkerSetup;
  readonly #firstEngine: Promise<Engine | undefined>;
  /** Where the log goes once there is a thread whose log it is. */
  #writeEntry: EntryWriter = () => {};
  #session: Session | undefined;

  constructor(createEngine: CreateEngine, setup: WorkerSetup) {
    this.#createEngine = createEngine;
    this.#setup = setup;
    this.#firstEngine = this.#load();
  }

  /** Takes a post, and has the engine work there until the client wants the server to end. */
  async serve({ memory, idleTimeout, interrupted }: WorkerAssignment): Promise<void> {
    const { input, output, log, status } = new ThreadChannel(memory);
    const requests = new Requests(input, this.#setup.separator);
    const session = new Session({
      requests,
      output: new RingWriter(output),
      status,
      log: this.#log,
    });
    const logOutput = new RingWriter(log);
    this.#session = session;
    this.#writeEntry = (entry) =>
      session.outsideJavaScript(() => {
        logOutput.write(entry);
        logOutput.notifyReader();
      });
    // A worker that takes the place of another may be needed before its engine is there.
    let engine = await this.#firstEngine;
    if (engine === undefined) return;
    if (interrupted !== undefined) {
      session.answerInterrupted(interrupted.id, engine.interrupted(interrupted.elapsedMs));
    }
    for (;;) {
      const pause = await serveInTimer(session, engine, idleTimeout);
      if (pause === undefined) return scope.close();
      if (pause === "quit") return scope.postMessage({ type: "quit" });
      engine = undefined;
      if (pause === "idle") {
        // The engine's memory is free until there is something to do.
        collectGarbage();
        requests.wait();
      }
      engine = await this.#newEngine();
    }
  }

  /** Resolves to an engine, or to nothing if there never will be one; the main thread knows then. */
  async #load(): Promise<Engine | undefined> {
    try {
      const engine = await this.#newEngine();
      scope.postMessage({ type: "ready" });
      return engine;
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      scope.postMessage({ type: "failed", message: error.message });
      return undefined;
    }
  }

  get #log(): Log {
    return makeLog((entry) => this.#writeEntry(entry), this.#setup.logPrefix);
  }

  #newEngine(): Promise<Engine> {
    return this.#createEngine(this.#setup, {
      log: this.#log,
      sendMessage: (json) => this.#session!.sendMessage(json),
    });
  }
}

/**
 * Blocks on a session, for requests come through memory, not as events. Undefined if the worker is
 * condemned meanwhile. It is called by a timer: should V8 interrupt a moment too late, and so outside of
 * the engine, the worker fails there with an event. In a promise's job it would hang, and in an event
 * Deno itself would end.
 */
function serveInTimer(
  session: Session,
  engine: Engine,
  idleTimeout: number,
): Promise<StopReason | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<StopReason | undefined>();
  setTimeout(() => {
    try {
      resolve(session.serve(engine, idleTimeout));
    } catch (error) {
      if (error instanceof AbandonedError) resolve(undefined);
      else reject(error);
    }
  });
  return promise;
}
