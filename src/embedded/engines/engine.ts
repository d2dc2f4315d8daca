/** The level of a log message. */
export type LogLevel = "INFO" | "WARN" | "ERROR";

/** Who logs a message: the server itself, or JavaScript through `console`. */
export type LogOrigin = "server" | "console";

/** Logs a message. The default origin is the server itself. */
export type Log = (level: LogLevel, message: string, origin?: LogOrigin) => void;

/** The engine that runs commands: QuickJS, compiled to WebAssembly, or V8, in Deno's workers. */
export type EngineName = "quickjs" | "v8";

/** An ES module. */
export interface ModuleSource {
  /** The name in stack traces. */
  readonly name: string;
  /** The source text. */
  readonly text: string;
}

/** Options of every engine. They can be sent to a worker. */
export interface EngineOptions {
  /** The module that every command gets. */
  readonly module: ModuleSource | undefined;
  /** The module's source map. */
  readonly sourceMap: string | undefined;
  /** The time limit of a command, in microseconds; may be Infinity. */
  readonly maxRuntimeUs: number;
  /** The memory limit of the engine, in bytes. V8 has none: the server watches its own process. */
  readonly maxMemoryBytes: number;
}

/** The memory limit of an engine, in bytes, unless another one is given. */
export const DEFAULT_MEMORY_BYTES = 256 << 20;

/** The contents of a server's files: its module and source map. */
export type EngineFiles = Pick<EngineOptions, "module" | "sourceMap">;

/** What the main thread does with an engine. */
export interface EngineKind {
  /**
   * Checks that a module compiles, without running it.
   *
   * @throws {LoadError} If it does not. The message names the place.
   */
  checkModule(module: ModuleSource): Promise<void>;
  /**
   * Evaluates a script, in which the global `M` is the module.
   *
   * @param name The script's name in stack traces.
   * @returns Its value, in the format of QuickJS.
   * @throws {LoadError} If the script or the module does not compile, or throws.
   */
  evaluate(code: string, name: string, files: EngineFiles): Promise<string>;
}

/** What an engine needs from the thread that it runs in. */
export interface EngineHost {
  /** Whether the engine is renewed after each command, rather than shared by many commands. */
  readonly isolated: boolean;
  /** Logs what JavaScript writes to the console, and warnings about commands. */
  readonly log: Log;
  /** Sends a message to the client, and blocks until the response arrives. */
  readonly sendMessage: SendMessage;
}

/**
 * How long commands may share one call of {@linkcode Engine.guard}, in milliseconds. Each call makes V8
 * start a thread, so quick commands share one. A command may exceed its time limit by this much.
 */
export const SHARED_GUARD_MS = 5;

/**
 * Sends a message to the client, and blocks until the response arrives. Both are JSON.
 *
 * @throws {MessageError} If the client has no response, or sends something else.
 */
export type SendMessage = (json: string) => string;

/**
 * A realm in which the module is loaded and commands run one after the other.
 *
 * {@linkcode Engine.guard} calls a function and enforces the time limit. That function calls
 * {@linkcode Engine.call} for each command. If a command returns a promise, the function returns,
 * and {@linkcode Engine.settled} returns the outcome after the guard.
 */
export interface Engine {
  /**
   * Calls `work`, which runs commands, and interrupts it when a command exceeds the time limit.
   *
   * @returns Whether `work` returned. If not, it was interrupted between any two of its statements.
   */
  guard(work: () => void): boolean;
  /** Runs a command. Returns undefined if the outcome depends on a promise. */
  call(query: string, param: string): Outcome | undefined;
  /** Returns the outcome of a command for which {@linkcode Engine.call} returned undefined. */
  settled(): Outcome;
  /** Returns the outcome of a command that was interrupted, and logs the interruption. */
  interrupted(elapsedMs: number): Outcome;
  /** Returns the memory in use. */
  memoryUsage(): MemoryUsage;
  /** Whether the engine has to be replaced before the next command. */
  readonly worn: boolean;
  /** Whether it takes so much memory that this should be collected as soon as it is dropped. */
  readonly isLarge: boolean;
  /**
   * Undoes everything that commands have changed since the engine was created.
   *
   * @returns False if that is not possible. The engine must not be used after that.
   */
  renew(): boolean;
}

/** The outcome of a command: the type and the JSON of its record. */
export interface Outcome {
  readonly type: "ok" | "exception";
  readonly data: string;
}

/** The memory of an engine's values. */
export interface MemoryUsage {
  /** The number of bytes. */
  readonly size: number;
  /** The number of allocations; 0 if the engine does not count them. */
  readonly count: number;
}

/** The module, or the script of `-e`, does not compile or throws. */
export class LoadError extends Error {
  override readonly name = "LoadError";
}

/** A message has no valid response. The message of the error is the reason. */
export class MessageError extends Error {
  override readonly name = "MessageError";
}

/** Returns the outcome of a command that failed. */
export function exception(data: unknown): Outcome {
  return { type: "exception", data: JSON.stringify(data) };
}

/** Logs an interruption in jsockd's words. */
export function logInterruption(log: Log, elapsedMs: number, maxRuntimeUs: number): void {
  const elapsedUs = Math.floor(elapsedMs * 1000);
  log("WARN", `Command runtime of ${elapsedUs}us exceeded ${maxRuntimeUs}us, interrupting`);
}
