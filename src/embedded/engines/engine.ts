/** How much a message of the server's log matters. */
export type LogLevel = "INFO" | "WARN" | "ERROR";

/** Who has something to say: the server itself, or JavaScript, which writes to the console. */
export type LogOrigin = "server" | "console";

/** Takes a message of the server's log: one of the server itself, if nothing else is said. */
export type Log = (level: LogLevel, message: string, origin?: LogOrigin) => void;

/** An ES module. */
export interface ModuleSource {
  /** Its name in stack traces. */
  readonly name: string;
  /** Its source text. */
  readonly text: string;
}

/** JavaScript that the server cannot do without does not compile, or throws. */
export class LoadError extends Error {
  override readonly name = "LoadError";
}

/**
 * Sends a message, JSON, to the client and blocks until there is an answer, JSON again.
 *
 * @throws {MessageError} If there is no answer.
 */
export type SendMessage = (json: string) => string;

/** Why a message has no answer. */
export class MessageError extends Error {
  override readonly name = "MessageError";
}

/** How a command ended: the type and the JSON of its record. */
export interface Outcome {
  readonly type: "ok" | "exception";
  readonly data: string;
}

/** The memory that a runtime's values take. */
export interface MemoryUsage {
  /** Bytes. */
  readonly size: number;
  /** Pieces. */
  readonly count: number;
}
