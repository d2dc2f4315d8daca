import { type Engine, type EngineHost, LoadError, type Log } from "../engines/engine.ts";
import { RingWriter } from "../session/ring_writer.ts";
import { Requests } from "../session/requests.ts";
import { AbandonedError } from "../session/run_status.ts";
import { Session, type SessionEngines, type StopReason } from "../session/session.ts";
import { type EntryWriter, makeLog } from "./log.ts";
import { ThreadChannel } from "./thread_memory.ts";
import type { WorkerAssignment, WorkerReport, WorkerSetup } from "./worker_messages.ts";

/** The part of a worker's global scope that is used here. `self` has the type of a window. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<WorkerSetup | WorkerAssignment>) => void) | null;
  onunhandledrejection: ((event: PromiseRejectionEvent) => void) | null;
  postMessage(message: WorkerReport): void;
  close(): void;
}

/** Creates an engine: a worker's first one, or its replacement. */
export type CreateEngine = (setup: WorkerSetup, host: EngineHost) => Promise<Engine>;

const scope = self as unknown as WorkerScope;

/** Runs the worker: it waits for the setup, then for an assignment, and serves that client. */
export function runWorker(createEngine: CreateEngine): void {
  // Deno loads its timers when the first one is set. It can do so before there is a setup.
  setTimeout(() => {});
  // A command may leave rejected promises behind; they must not end the worker.
  scope.onunhandledrejection = (event) => event.preventDefault();
  scope.onmessage = ({ data }) => {
    if (data.type !== "setup") throw new Error("Cannot serve a client before the setup");
    const program = new WorkerProgram(createEngine, data);
    scope.onmessage = ({ data }) => {
      if (data.type === "assignment") program.serve(data).catch(fail);
    };
  };
}

/** Fails the worker with an error event. A rejected promise would be taken for one of a command. */
function fail(error: unknown): void {
  setTimeout(() => {
    throw error;
  });
}

class WorkerProgram {
  readonly #createEngine: CreateEngine;
  readonly #setup: WorkerSetup;
  readonly #firstEngine: Promise<Engine | undefined>;
  /** Before the assignment there is no ring to log to. */
  #writeEntry: EntryWriter = () => {};
  #session: Session | undefined;

  constructor(createEngine: CreateEngine, setup: WorkerSetup) {
    this.#createEngine = createEngine;
    this.#setup = setup;
    this.#firstEngine = this.#load();
    this.#firstEngine.catch(fail);
  }

  /** Serves the assigned client until it sends `?quit` or the worker is abandoned. */
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
    // A spare worker may be assigned before its engine is loaded.
    let shared = await this.#firstEngine;
    let isolated: Engine | undefined;
    if (shared === undefined) return;
    if (interrupted !== undefined) {
      session.answerInterrupted(interrupted.id, shared.interrupted(interrupted.elapsedMs));
    }
    for (;;) {
      const stopReason = await serveInTimer(session, { shared, isolated }, idleTimeout);
      if (stopReason === undefined) return scope.close();
      if (stopReason === "quit") return scope.postMessage({ type: "quit" });
      if (stopReason === "isolate") {
        const wasLarge = isolated?.isLarge;
        isolated = undefined;
        if (wasLarge) await collectGarbage();
        isolated = await this.#newEngine(true);
        continue;
      }
      const wasLarge: boolean = shared.isLarge;
      shared = undefined;
      if (stopReason === "idle") isolated = undefined;
      if (stopReason === "idle" || wasLarge) await collectGarbage();
      // The engines' memory is given back until the next request.
      if (stopReason === "idle") requests.wait();
      shared = await this.#newEngine();
    }
  }

  /** Loads the first engine. Resolves to undefined, and tells the main thread, if that fails. */
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

  #newEngine(isolated = false): Promise<Engine> {
    return this.#createEngine(this.#setup, {
      isolated,
      log: this.#log,
      sendMessage: (json) => this.#session!.sendMessage(json),
    });
  }
}

/** Collects the garbage of this thread. Few workers need that, and Node's modules load slowly. */
async function collectGarbage(): Promise<void> {
  (await import("../engines/garbage.ts")).collectGarbage();
}

/**
 * Runs a session in a timer's callback. Resolves to undefined if the worker is abandoned meanwhile.
 *
 * V8 may interrupt a moment too late, when the command has left the engine. In a timer's callback
 * the worker then fails with an error event, and is replaced. In a promise job it would hang, and
 * in an event listener it would end the process.
 */
function serveInTimer(
  session: Session,
  engines: SessionEngines,
  idleTimeout: number,
): Promise<StopReason | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<StopReason | undefined>();
  setTimeout(() => {
    try {
      resolve(session.serve(engines, idleTimeout));
    } catch (error) {
      if (error instanceof AbandonedError) resolve(undefined);
      else reject(error);
    }
  });
  return promise;
}
