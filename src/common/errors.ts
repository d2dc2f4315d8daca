import { isObject, parseJson } from "./parse_json.ts";

/** What went wrong, for programs: the `code` of a {@linkcode JSockDClientError}. */
export type JSockDErrorCode =
  | "CONFIG"
  | "PERMISSION"
  | "PLATFORM"
  | "SPAWN"
  | "START_TIMEOUT"
  | "VERSION_MISMATCH"
  | "PROTOCOL"
  | "SERVER_EXITED"
  | "TIMEOUT"
  | "CLOSED"
  | "INVALID_COMMAND"
  | "MESSAGE_HANDLER"
  | "NO_WORKERS"
  | "BUSY"
  | "DOWNLOAD"
  | "SIGNATURE";

/**
 * An error of the client, or of its communication with the server. An exception in the JavaScript
 * of a command is a {@linkcode JSockDJSException} instead.
 *
 * What each code means, and what to do:
 *
 * - `CONFIG`: a field or option is unknown, out of range or does not fit the others, or the sources of
 *   a module have errors. The message names it, its value and the limit.
 * - `PERMISSION`: Deno was not given a permission. Add the flags that the message names.
 * - `PLATFORM`: there is no jsockd for this machine. Give the path of your own, or use an embedded
 *   server.
 * - `SPAWN`: the executable did not start, or ended before it was ready. The message has the exit code
 *   and what it wrote.
 * - `START_TIMEOUT`: the server was not ready, or not connected to, within `timeoutUs`. Look at its
 *   log; raise `timeoutUs` on a busy machine.
 * - `VERSION_MISMATCH`: the server is of another version than the one expected. Set `jsockdVersion` to
 *   the one that you have, and build modules for it.
 * - `PROTOCOL`: the server sent what JSockD never sends. Is it a jsockd? Report it if so.
 * - `SERVER_EXITED`: the server ended while the command may have been running. If it may run twice, run
 *   it with `idempotent: true`. If the message names `maxRestartsPerMinute`, wait until the next restart,
 *   which it names as well, or call `reload()`.
 * - `TIMEOUT`: a command had no answer within `timeoutUs`. Have more threads, or quicker code;
 *   `stats()` shows the queue. Or it ran for longer than `maxCommandRuntimeUs`, the server could not
 *   interrupt it, and the client had to end the server; the message says which.
 * - `CLOSED`: the client is closed, or was closed before the command had its answer.
 * - `INVALID_COMMAND`: a query or parameter cannot be sent; nothing was. The message names the field
 *   and the limit.
 * - `MESSAGE_HANDLER`: a message could not be answered. `cause` is the handler's own error.
 * - `NO_WORKERS`: over NATS, no worker serves the subject. Start one, or correct the subject.
 * - `BUSY`: over NATS, no worker had room for the command within `queueTimeoutUs`. Add workers.
 * - `DOWNLOAD`: a release could not be fetched. The message has the address and the status; `baseUrl`
 *   names a mirror.
 * - `SIGNATURE`: a release does not have the signature that it must have. None of it was run, and none
 *   should be. If you mirror releases, check that the mirror is whole.
 *
 * @example Telling errors apart
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { JSockDClientError } from "@x/jsockd";
 *
 * const error = new JSockDClientError("TIMEOUT", "Cannot wait longer");
 * assertEquals(error.code, "TIMEOUT");
 * assertEquals(error.message, "Cannot wait longer");
 * ```
 */
export class JSockDClientError extends Error {
  /** What went wrong, for programs. */
  readonly code: JSockDErrorCode;

  /**
   * Creates an error.
   *
   * @param code What went wrong, for programs.
   * @param message What went wrong, for people.
   * @param options The `cause`, if another error led to this one.
   */
  constructor(code: JSockDErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "JSockDClientError";
    this.code = code;
  }
}

/** A position in JavaScript source. */
export interface SourcePosition {
  /** The name of the function; `<anonymous>` if it has none, null if it is unknown. */
  readonly functionName: string | null;
  /** The name of the file; `<buffer>` for a command's own text, null if it is unknown. */
  readonly source: string | null;
  /** The line, from 1; null if it is unknown. */
  readonly line: number | null;
  /** The column, from 1; null if it is unknown. */
  readonly column: number | null;
}

/** One call in a stack trace. */
export interface TraceFrame extends SourcePosition {
  /** The position in the original source; null if no source map knows it. */
  readonly mapped: SourcePosition | null;
}

/**
 * An exception in the JavaScript of a command: it threw, did not compile, ran too long, or returned
 * a value that JSON cannot hold. `stack` is the JavaScript's own stack trace, in the original files
 * and lines if there is a source map.
 *
 * @example Reading an exception
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { JSockDJSException } from "@x/jsockd";
 *
 * const exception = new JSockDJSException('"error compiling command"');
 * assertEquals(exception.errorMessage, "error compiling command");
 * assertEquals(exception.trace, []);
 * ```
 */
export class JSockDJSException extends Error {
  /** The JSON text that the server sent, but without calls in the client's own JavaScript. */
  readonly resultJson: string;
  /** The exception as the server's engine formats it, such as `Error: boom`. */
  readonly errorMessage: string;
  /** The calls that led to the exception, innermost first; empty if it is not an `Error`. */
  readonly trace: readonly TraceFrame[];
  /** The exception and its stack trace as the server formats them. */
  declare readonly pretty?: string;

  /**
   * Creates an exception from what the server sent.
   *
   * @param resultJson JSON text of an object that describes the exception, or of a string.
   */
  constructor(resultJson: string) {
    const { errorMessage, trace, pretty } = parseException(resultJson);
    super(errorMessage);
    this.name = "JSockDJSException";
    this.resultJson = resultJson;
    this.errorMessage = errorMessage;
    this.trace = trace;
    if (pretty !== undefined) this.pretty = pretty;
    this.stack = [`${this.name}: ${errorMessage}`, ...trace.map(formatFrame)].join("\n");
  }
}

/** The file name that servers give to the text of a command. */
const COMMAND_SOURCE = "<buffer>";

function parseException(resultJson: string) {
  const value = parseJson(resultJson);
  if (typeof value === "string") return { errorMessage: value, trace: [] };
  // When the time limit is over, jsockd may have no time to describe the exception.
  const undescribed = resultJson === "" || resultJson === "{}"
    ? "exception without description: it is likely that maxCommandRuntimeUs was over"
    : `exception without description: ${resultJson}`;
  if (!isObject(value)) return { errorMessage: undescribed, trace: [] };
  return {
    errorMessage: typeof value.errorMessage === "string" ? value.errorMessage : undescribed,
    trace: Array.isArray(value.trace) ? value.trace.filter(isObject).map(toFrame) : [],
    pretty: typeof value.pretty === "string" ? value.pretty : undefined,
  };
}

function toFrame(frame: Record<string, unknown>): TraceFrame {
  // jsockd also looks up positions in the command's own text, which the module's source map cannot
  // know.
  const mapped = frame.source === COMMAND_SOURCE ? null : frame.mapped;
  return { ...toPosition(frame), mapped: isObject(mapped) ? toPosition(mapped) : null };
}

function toPosition(position: Record<string, unknown>): SourcePosition {
  return {
    functionName: toText(position.functionName),
    source: toText(position.source),
    line: toNumber(position.line),
    column: toNumber(position.column),
  };
}

function formatFrame(frame: TraceFrame): string {
  const { source, line, column } = frame.mapped ?? frame;
  // Not the mapped name: a source map names the identifier at a position, often the function that
  // is called there, and not the function that contains it.
  const name = frame.functionName ?? "<anonymous>";
  const place = [source ?? "<unknown>", line, column].filter((part) => part !== null).join(":");
  return `    at ${name} (${place})`;
}

function toText(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** The server sends its own line and column numbers as strings, mapped ones as numbers. */
function toNumber(value: unknown): number | null {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}

/** Returns the message of an error, or anything else that was thrown as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
