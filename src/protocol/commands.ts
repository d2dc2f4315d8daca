import { JSockDClientError } from "../common/errors.ts";
import { MAX_FIELD_BYTES, MAX_ID_BYTES } from "./limits.ts";

const encoder = new TextEncoder();

/** The control command that makes the server's parser start afresh, as on a new connection. */
export const RESET_COMMAND = "?reset\0";

/** The line that the server sends in reply to {@linkcode RESET_COMMAND}. */
export const RESET_REPLY = "reset";

/**
 * Begins the ID of a command that an embedded server runs in globals of its own, of which nothing is
 * left after the command. The server sends the whole ID back. To jsockd it is an ID like any other.
 */
export const ISOLATED_ID_PREFIX = "isolated:";

/**
 * Returns the bytes of a command for a server started with `-b 00`.
 *
 * @param id Identifies the command in its records: 1 to 32 bytes, no space.
 * @param query A JavaScript expression that evaluates to a function of (module, parameter).
 * @param param JSON text.
 * @throws {JSockDClientError} `INVALID_COMMAND` if a field is empty, holds a NUL, begins with `?`,
 * or has more than {@linkcode MAX_FIELD_BYTES} bytes. Also if the ID holds a space, or has more
 * than {@linkcode MAX_ID_BYTES}.
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

/**
 * Returns a command as text, checked as by {@linkcode encodeCommand}. The caller encodes it: one
 * encoding of several joined commands is faster than one for each.
 */
export function formatCommand(id: string, query: string, param: string): string {
  checkId(id);
  checkQuery(query);
  return joinCommand(id, query, param);
}

/** Like {@linkcode formatCommand}, for an ID and a query that were checked before. */
export function joinCommand(id: string, query: string, param: string): string {
  checkField("parameter", param);
  return `${id}\0${query}\0${param}\0`;
}

/**
 * Throws if {@linkcode encodeCommand} would refuse the query.
 *
 * @throws {JSockDClientError} `INVALID_COMMAND` as for {@linkcode encodeCommand}.
 */
export function checkQuery(query: string): void {
  checkField("query", query);
}

/**
 * Returns the bytes of the answer to a message. Write them to the socket with one call.
 *
 * @param id The ID of the command that sent the message.
 * @param response JSON text, or {@linkcode INTERNAL_ERROR}.
 * @throws {JSockDClientError} `INVALID_COMMAND` as for {@linkcode encodeCommand}, and if the answer
 * with its ID has more than {@linkcode MAX_FIELD_BYTES} bytes.
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

/** Returns the answer to a message as text, checked as by {@linkcode encodeMessageResponse}. */
export function formatMessageResponse(id: string, response: string): string {
  checkId(id);
  checkField("message answer", response);
  const text = `${id}\0${response}\0`;
  // The server reads the whole answer into one buffer of 1 MiB and appends a NUL.
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
  // UTF-8 takes at most three bytes for a UTF-16 unit, so short texts need not be encoded to be
  // counted.
  if (text.length * 3 <= limit) return;
  const { length } = encoder.encode(text);
  if (length > limit) throw invalid(name, text, `it has ${length} bytes, the limit is ${limit}`);
}

function invalid(name: string, text: string, reason: string): JSockDClientError {
  const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  return new JSockDClientError("INVALID_COMMAND", `Cannot send the ${name} ${shown}: ${reason}`);
}
