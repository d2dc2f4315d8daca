import type { EngineOptions } from "../engines/engine.ts";
import type { ThreadMemory } from "./thread_memory.ts";

/** The first message to a worker. */
export interface WorkerSetup {
  readonly type: "setup";
  readonly options: EngineOptions;
  /** What the engines of all workers share. */
  readonly parts: unknown;
  /** Is put before each log message of the server itself. */
  readonly logPrefix: string;
  /** The byte that ends a field. */
  readonly separator: number;
}

/** The second message to a worker: the client that it has to serve. */
export interface WorkerAssignment {
  readonly type: "assignment";
  readonly memory: ThreadMemory;
  /** The idle time after which the engine is shut down, in milliseconds; may be Infinity. */
  readonly idleTimeout: number;
  /** The command that the abandoned worker was running. The new worker answers it. */
  readonly interrupted: InterruptedCommand | undefined;
}

/** A command whose worker was abandoned. */
export interface InterruptedCommand {
  readonly id: string;
  /** How long it had run, in milliseconds. */
  readonly elapsedMs: number;
}

/** A message from a worker to the main thread. */
export type WorkerReport =
  /** The engine is loaded. */
  | { readonly type: "ready" }
  /** The engine cannot be loaded. */
  | { readonly type: "failed"; readonly message: string }
  /** The client has sent `?quit`. */
  | { readonly type: "quit" };
