import type { EngineOptions } from "../engines/engine.ts";
import type { ThreadMemory } from "./thread_memory.ts";

/** What a worker is given when it starts. */
export interface WorkerSetup {
  readonly type: "setup";
  readonly options: EngineOptions;
  /** What every engine of the server shares. */
  readonly parts: unknown;
  /** Stands before each message of the server's own in the log. */
  readonly logPrefix: string;
  /** The byte that ends a field. */
  readonly separator: number;
}

/** Which thread's client a worker serves. */
export interface WorkerAssignment {
  readonly type: "assignment";
  readonly memory: ThreadMemory;
  /** The idle time after which the engine is shut down, in milliseconds; may be Infinity. */
  readonly idleTimeout: number;
  /** The command that the worker before could not be kept from running; it is still to be answered. */
  readonly interrupted: InterruptedCommand | undefined;
}

/** A command that had to be given up together with its worker. */
export interface InterruptedCommand {
  readonly id: string;
  /** How long it had run, in milliseconds. */
  readonly elapsedMs: number;
}

/** What a worker tells the main thread. */
export type WorkerReport =
  /** Its engine is loaded. */
  | { readonly type: "ready" }
  /** It never will be ready. */
  | { readonly type: "failed"; readonly message: string }
  /** The client wants the server to end. */
  | { readonly type: "quit" };
