// A command travels as one message of NATS, and so does its result: a request and a reply. The payload
// of the request is a line of JSON and the parameter. The payload of the reply is the result, and it
// has no headers. All other replies have a header that says what they are:
//
//     taken      a worker has the command and is not done with it
//     full       a worker has no room, so the command goes to another one, or there again
//     exception  the JavaScript threw; the payload is its description
//     error      a JSockDClientError; the payload is its message
//     message    the JavaScript sends a message; the payload is to be answered
//     more       the worker wants the next piece of the parameter
//     piece      a piece of the result; the next one has to be asked for
//
// The `reply` of "taken", "message", "more" and "piece" is the subject at which the worker listens for
// what the caller has to say about the command.
import { headers } from "@nats-io/transport-node";
import { JSockDClientError, type JSockDErrorCode } from "../common/errors.ts";
import { isObject, parseJson } from "../common/parse_json.ts";
import type { NatsHeaders, NatsMessage } from "./library.ts";
import type { NamedCall } from "./named_call.ts";

/** What a reply is that is no result. */
export type ReplyType = "taken" | "full" | "exception" | "error" | "message" | "more" | "piece";

/** What a caller says about its command to the worker that has it. */
export type ControlType = "answer" | "refuse" | "cancel" | "part" | "next";

/** The header that says what a message is. */
export const TYPE = "Jsockd-Type";

/** The header with the worker that has the command: the subject at which it answers a ping. */
export const WORKER = "Jsockd-Worker";

/** The header with a position in bytes, and that with a length. */
export const FROM = "Jsockd-From";
export const LENGTH = "Jsockd-Length";

/** The headers in which NATS services report errors. */
export const ERROR = "Nats-Service-Error";
export const ERROR_CODE = "Nats-Service-Error-Code";

/** The status of a message that NATS sends in place of a reply: nobody listens there. */
const NO_RESPONDERS = 503;

/** What is left of the largest payload for lines, headers and subjects. */
const RESERVED_BYTES = 4_096;

const NEWLINE = 0x0A;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The first line of a request. */
export interface RequestLine {
  /** The export to call, or undefined. */
  readonly call?: NamedCall;
  /** The query, or undefined. */
  readonly query?: string;
  /** How long the caller waits, in milliseconds. */
  readonly ms: number;
  /** Whether the caller answers messages. */
  readonly answers?: true;
  /** Whether the command may run twice. */
  readonly idempotent?: true;
  /** Whether the command runs in globals of its own. */
  readonly isolated?: true;
  /** The length of a parameter that comes in pieces, in bytes. */
  readonly bytes?: number;
}

/** Returns the first line of a request. */
export function formatRequestLine(line: RequestLine): string {
  return JSON.stringify(line);
}

/**
 * Parses the first line of a request.
 *
 * @throws {JSockDClientError} `INVALID_COMMAND` if it is none.
 */
export function parseRequestLine(text: string): RequestLine {
  const line: unknown = parseJson(text);
  if (!isObject(line)) throw invalid("its first line is not a JSON object");
  const { call, query, ms, answers, idempotent, isolated, bytes } = line;
  if (call !== undefined) {
    if (!isObject(call) || typeof call.name !== "string" || typeof call.hasParam !== "boolean") {
      throw invalid("'call' is not a call");
    }
  } else if (typeof query !== "string") throw invalid("it has neither 'call' nor 'query'");
  if (!isCount(ms)) throw invalid("'ms' is not a number of milliseconds");
  if (bytes !== undefined && !isCount(bytes)) throw invalid("'bytes' is not a number of bytes");
  for (const flag of [answers, idempotent, isolated]) {
    if (flag !== undefined && flag !== true) throw invalid("a flag is not true");
  }
  return line as unknown as RequestLine;
}

/** Splits the payload of a request into its first line and the parameter, or the first piece of it. */
export function splitRequest(data: Uint8Array): { line: string; rest: Uint8Array } {
  const end = data.indexOf(NEWLINE);
  if (end < 0) throw invalid("it has no first line");
  return { line: decode(data.subarray(0, end)), rest: data.subarray(end + 1) };
}

/**
 * Returns bytes as text.
 *
 * @throws {JSockDClientError} `INVALID_COMMAND` if they are not UTF-8.
 */
export function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw invalid("it is not UTF-8");
  }
}

/** Returns text as bytes. */
export function encode(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** Returns how many bytes of content a message can have, on a server with this largest payload. */
export function pieceBytes(maxPayload: number): number {
  return Math.max(1_024, maxPayload - RESERVED_BYTES);
}

/** Returns the headers of a message that is no result. */
export function typeHeaders(
  type: ReplyType | ControlType,
  fields: Readonly<Record<string, string>> = {},
): NatsHeaders {
  const made = headers();
  made.set(TYPE, type);
  for (const [name, value] of Object.entries(fields)) made.set(name, value);
  return made;
}

/** Returns what a message is; undefined for a result, or for what this package has not sent. */
export function typeOf({ headers }: NatsMessage): string | undefined {
  return headers?.get(TYPE) || undefined;
}

/** Whether NATS says that nobody listens at the subject. */
export function saysNobodyListens({ headers, data }: NatsMessage): boolean {
  return headers?.code === NO_RESPONDERS && data.length === 0;
}

/** Returns a header as a whole number from 0 on, or undefined. */
export function numberIn({ headers }: NatsMessage, name: string): number | undefined {
  const number = Number(headers?.get(name) || NaN);
  return isCount(number) ? number : undefined;
}

/** Returns the headers of a reply with an error. */
export function errorHeaders(error: JSockDClientError): NatsHeaders {
  // A header is one line.
  const line = error.message.replaceAll(/[\r\n]+/g, " ").slice(0, 1_000);
  return typeHeaders("error", { [ERROR]: line, [ERROR_CODE]: error.code });
}

/** The codes that a worker's error can have for the caller. */
const CODES: ReadonlySet<string> = new Set<JSockDErrorCode>([
  "CONFIG",
  "PROTOCOL",
  "SERVER_EXITED",
  "TIMEOUT",
  "INVALID_COMMAND",
  "MESSAGE_HANDLER",
]);

/** Returns the error of a reply. */
export function errorIn(msg: NatsMessage): JSockDClientError {
  const code = msg.headers?.get(ERROR_CODE) ?? "";
  const message = new TextDecoder().decode(msg.data);
  return new JSockDClientError(CODES.has(code) ? code as JSockDErrorCode : "PROTOCOL", message);
}

/** Returns an error for a request that makes no sense. */
function invalid(reason: string): JSockDClientError {
  return new JSockDClientError("INVALID_COMMAND", `Cannot run the request: ${reason}`);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && value as number >= 0;
}
