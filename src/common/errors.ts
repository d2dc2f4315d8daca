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
  | "DOWNLOAD"
  | "SIGNATURE";

/**
 * Everything that can go wrong between a program and its JSockD server, except an exception in the
 * JavaScript that was sent: that is a {@linkcode JSockDJSException}.
 *
 * | code | what happened |
 * | --- | --- |
 * | `CONFIG` | a configuration field is unknown, out of range or does not fit the others |
 * | `PERMISSION` | Deno was not given a permission; the message names the flags to add |
 * | `PLATFORM` | JSockD does not run here |
 * | `SPAWN` | the executable could not be started, or ended before it was ready |
 * | `START_TIMEOUT` | the server was not ready, or not connected to, within `timeoutUs` |
 * | `VERSION_MISMATCH` | the server is of another version than the one expected |
 * | `PROTOCOL` | the server sent what JSockD never sends |
 * | `SERVER_EXITED` | the server process ended while the command may have been running |
 * | `TIMEOUT` | a command had no answer within `timeoutUs` |
 * | `CLOSED` | the client is closed, or was closed before the command had its answer |
 * | `INVALID_COMMAND` | a query or parameter cannot be sent; nothing was |
 * | `MESSAGE_HANDLER` | a message could not be answered; `cause` is the handler's own error |
 * | `DOWNLOAD` | a release could not be fetched |
 * | `SIGNATURE` | a release is not signed by who it should be; nothing of it was run |
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
   * Makes an error.
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

/** A place in JavaScript source. */
export interface SourcePosition {
  /** The function's name; `<anonymous>` if it has none, null if it is not known. */
  readonly functionName: string | null;
  /** The file's name; `<buffer>` for a command's own text, null if it is not known. */
  readonly source: string | null;
  /** The line, from 1; null if it is not known. */
  readonly line: number | null;
  /** The column, from 1; null if it is not known. */
  readonly column: number | null;
}

/** One call of a stack trace. */
export interface TraceFrame extends SourcePosition {
  /** The place in the original source; null without a source map that knows it. */
  readonly mapped: SourcePosition | null;
}

/**
 * The JavaScript that was sent threw an exception, did not compile, ran too long, or returned what
 * is not JSON. Its `stack` is the JavaScript's own, by the source map if there is one.
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
  /** What the server sent, untouched. */
  readonly resultJson: string;
  /** The exception as QuickJS renders it, such as `Error: boom`. */
  readonly errorMessage: string;
  /** The calls that led to the exception, innermost first; empty for what is no `Error`. */
  readonly trace: readonly TraceFrame[];
  /** The exception and its trace as the server formats them. */
  declare readonly pretty?: string;

  /**
   * Makes an exception of what the server sent.
   *
   * @param resultJson An object that describes the exception, or a string, as JSON.
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

/** What servers call the text of a command. */
const COMMAND_SOURCE = "<buffer>";

function parseException(resultJson: string) {
  const value = parseJson(resultJson);
  if (typeof value === "string") return { errorMessage: value, trace: [] };
  // A server that is interrupted while it describes an exception sends nothing, or an empty object.
  const undescribed = `exception without description: ${resultJson}`;
  if (!isObject(value)) return { errorMessage: undescribed, trace: [] };
  return {
    errorMessage: typeof value.errorMessage === "string" ? value.errorMessage : undescribed,
    trace: Array.isArray(value.trace) ? value.trace.filter(isObject).map(toFrame) : [],
    pretty: typeof value.pretty === "string" ? value.pretty : undefined,
  };
}

function toFrame(frame: Record<string, unknown>): TraceFrame {
  // jsockd looks up the places of a command's own text in the module's source map as well.
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
  // A source map knows what is named at the place, such as what is called there, and not the function
  // that the place is in.
  const name = frame.functionName ?? "<anonymous>";
  const place = [source ?? "<unknown>", line, column].filter((part) => part !== null).join(":");
  return `    at ${name} (${place})`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function toText(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** The server sends numbers of its own trace as strings, mapped ones as numbers. */
function toNumber(value: unknown): number | null {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}

/** What an error says; of anything else that was thrown, its text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
