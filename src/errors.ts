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
