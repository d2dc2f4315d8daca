/** How much a message of the server's log matters. */
export type LogLevel = "INFO" | "WARN" | "ERROR";

/** Who logs: the server itself, or JavaScript, which writes to the console. */
export type LogOrigin = "server" | "console";

/** Takes a message of the server's log, of the server itself unless it is said otherwise. */
export type Log = (level: LogLevel, message: string, origin?: LogOrigin) => void;

/** What runs commands: QuickJS, compiled to WebAssembly, or V8, in the server's own process. */
export type EngineName = "quickjs" | "v8";

/** An ES module. */
export interface ModuleSource {
  /** Its name in stack traces. */
  readonly name: string;
  /** Its source text. */
  readonly text: string;
}

/** What every engine is made of. It can be sent to a worker. */
export interface EngineOptions {
  /** The module that every command gets. */
  readonly module: ModuleSource | undefined;
  /** The module's source map. */
  readonly sourceMap: string | undefined;
  /** The longest run of a command, in microseconds; may be Infinity. */
  readonly maxRuntimeUs: number;
}

/** The files that the JavaScript of a server comes from. */
export type EngineFiles = Pick<EngineOptions, "module" | "sourceMap">;

/** What a server does with an engine outside of its workers. */
export interface EngineKind {
  /** Reads and compiles what the engines of all workers share. It can be sent to a worker. */
  loadParts(): Promise<unknown>;
  /**
   * Checks that a module compiles; runs nothing of it.
   *
   * @throws {LoadError} If it does not; the message says where.
   */
  checkModule(module: ModuleSource): Promise<void>;
  /**
   * Evaluates a script, in which the global `M` is the module.
   *
   * @param name The script's name in stack traces.
   * @returns Its value as QuickJS shows it.
   * @throws {LoadError} If it does not compile, or throws.
   */
  evaluate(code: string, name: string, files: EngineFiles): Promise<string>;
}

/** What an engine uses of the thread that it is in. */
export interface EngineHost {
  /** Takes what the JavaScript writes to the console, and warnings about it. */
  readonly log: Log;
  /** Sends a message to the client and waits for the answer. */
  readonly sendMessage: SendMessage;
}

/**
 * Sends a message, JSON, to the client and blocks until there is an answer, JSON again.
 *
 * @throws {MessageError} If there is no answer.
 */
export type SendMessage = (json: string) => string;

/**
 * One JavaScript realm with the module's exports, in which commands run one after the other.
 *
 * A command runs in three steps. {@linkcode Engine.guard} calls a function under the time limit. That
 * function calls {@linkcode Engine.call} for one command after the other. Where the JavaScript returned
 * a promise, the function returns, and {@linkcode Engine.settled} has the outcome after the guard.
 */
export interface Engine {
  /**
   * Calls `work`, which runs commands, and interrupts it when one of them is past the time limit.
   *
   * @returns Whether `work` returned; false if it was cut off, in the midst of whatever it was doing.
   */
  guard(work: () => void): boolean;
  /** Runs a command; undefined if its outcome has to wait for a promise, until the guard is left. */
  call(query: string, param: string): Outcome | undefined;
  /** The outcome of the command that had none yet when the guard was left. */
  settled(): Outcome;
  /** The outcome of a command that was interrupted after so many milliseconds; logs that it was. */
  interrupted(elapsedMs: number): Outcome;
  /** The memory in use. */
  memoryUsage(): MemoryUsage;
  /** Whether another engine has to take its place before the next command. */
  readonly worn: boolean;
}

/** How a command ended: the type and the JSON of its record. */
export interface Outcome {
  readonly type: "ok" | "exception";
  readonly data: string;
}

/** The memory that an engine's values take. */
export interface MemoryUsage {
  /** Bytes. */
  readonly size: number;
  /** Pieces; 0 if the engine does not count them. */
  readonly count: number;
}

/** JavaScript that the server cannot do without does not compile, or throws. */
export class LoadError extends Error {
  override readonly name = "LoadError";
}

/** Why a message has no answer. */
export class MessageError extends Error {
  override readonly name = "MessageError";
}

/** The outcome of a command for which an exception is reported. */
export function exception(data: unknown): Outcome {
  return { type: "exception", data: JSON.stringify(data) };
}

/** Logs that a command is interrupted, as jsockd does. */
export function logInterruption(log: Log, elapsedMs: number, maxRuntimeUs: number): void {
  const elapsedUs = Math.floor(elapsedMs * 1000);
  log("WARN", `Command runtime of ${elapsedUs}us exceeded ${maxRuntimeUs}us, interrupting`);
}
