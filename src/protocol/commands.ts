import { JSockDClientError } from "../common/errors.ts";
import { MAX_FIELD_BYTES, MAX_ID_BYTES } from "./limits.ts";

const encoder = new TextEncoder();

/** The control command after which the server reads as if the connection were new. */
export const RESET_COMMAND = "?reset\0";

/** The line that answers {@linkcode RESET_COMMAND}. */
export const RESET_REPLY = "reset";

/**
 * Makes the bytes of a command, for a server started with `-b 00`.
 *
 * @param id Names the command in its records: 1 to 32 bytes, no space.
 * @param query A JavaScript expression that evaluates to a function of (module, parameter).
 * @param param JSON text.
 * @throws {JSockDClientError} `INVALID_COMMAND` if a field cannot be sent: one that is empty, holds a
 * NUL, begins with `?`, or has more than {@linkcode MAX_FIELD_BYTES} bytes; an ID that holds a space,
 * or has more than {@linkcode MAX_ID_BYTES}.
 *
 * @example Use
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeCommand } from "@x/jsockd/protocol";
 *
 * const bytes = encodeCommand("a1", "(_, n) => n + 1", "41");
 * assertEquals(new TextDecoder().decode(bytes), "a1\0(_, n) => n + 1\x0041\0");
 * ```
 */
export function encodeCommand(id: string, query: string, param: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(formatCommand(id, query, param));
}

/** As {@linkcode encodeCommand}, before the encoding: several commands are encoded faster together. */
export function formatCommand(id: string, query: string, param: string): string {
  checkId(id);
  checkQuery(query);
  checkField("parameter", param);
  return `${id}\0${query}\0${param}\0`;
}

/**
 * Refuses a query that {@linkcode encodeCommand} would refuse.
 *
 * @throws {JSockDClientError} `INVALID_COMMAND` as for {@linkcode encodeCommand}.
 */
export function checkQuery(query: string): void {
  checkField("query", query);
}

/**
 * Makes the bytes that answer a message. They must reach the server in one write.
 *
 * @param id The ID of the command that sent the message.
 * @param response JSON text, or {@linkcode INTERNAL_ERROR}.
 * @throws {JSockDClientError} `INVALID_COMMAND` as for {@linkcode encodeCommand}, and if all that is
 * sent has more than {@linkcode MAX_FIELD_BYTES} bytes.
 *
 * @example Use
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeMessageResponse, INTERNAL_ERROR } from "@x/jsockd/protocol";
 *
 * const bytes = encodeMessageResponse("a1", INTERNAL_ERROR);
 * assertEquals(new TextDecoder().decode(bytes), "a1\0internal_error\0");
 * ```
 */
export function encodeMessageResponse(id: string, response: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(formatMessageResponse(id, response));
}

/** As {@linkcode encodeMessageResponse}, before the encoding. */
export function formatMessageResponse(id: string, response: string): string {
  checkId(id);
  checkField("message answer", response);
  const text = `${id}\0${response}\0`;
  // The server reads all of it into one buffer, and ends it with a NUL of its own.
  checkLength("message answer with its ID", text, MAX_FIELD_BYTES);
  return text;
}

function checkId(id: string): void {
  checkField("ID", id);
  if (id.includes(" ")) throw invalid("ID", id, "it holds a space");
  checkLength("ID", id, MAX_ID_BYTES);
}

function checkField(name: string, text: string): void {
  if (text === "") throw invalid(name, text, "it is empty");
  if (text.startsWith("?")) {
    throw invalid(
      name,
      text,
      "it begins with '?', which the server would take as a control command",
    );
  }
  const nul = text.indexOf("\0");
  if (nul >= 0) {
    throw invalid(
      name,
      text,
      `it holds a NUL at index ${nul}, which separates fields; write it as \\0 in JavaScript, \\u0000 in JSON`,
    );
  }
  checkLength(name, text, MAX_FIELD_BYTES);
}

function checkLength(name: string, text: string, limit: number): void {
  // UTF-8 needs at most three bytes for each UTF-16 unit: most texts need no counting.
  if (text.length * 3 <= limit) return;
  const { length } = encoder.encode(text);
  if (length > limit) throw invalid(name, text, `it has ${length} bytes, the limit is ${limit}`);
}

function invalid(name: string, text: string, reason: string): JSockDClientError {
  const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  return new JSockDClientError("INVALID_COMMAND", `Cannot send the ${name} ${shown}: ${reason}`);
}
