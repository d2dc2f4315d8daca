import { MAX_TIMEOUT_US } from "../config/config.ts";
import {
  abortSignal,
  boolean,
  callable,
  checkFields,
  type FieldChecks,
  integer,
} from "../config/field_checks.ts";
import type { MessageHandler, RunOptions } from "./run_options.ts";

/**
 * What {@linkcode JSockDClient.renderToStream} can stream: a stream or an iterable whose chunks are
 * text or bytes of UTF-8, or all of it at once.
 */
export type Streamable =
  | ReadableStream<string | Uint8Array>
  | AsyncIterable<string | Uint8Array>
  | Iterable<string | Uint8Array>
  | Uint8Array;

/**
 * Sends a message and lets the page go on: the third argument of a query that is streamed. Unlike
 * `JSockD.sendMessage()`, it returns a promise. Several messages may wait for their answers at once.
 * If the message handler throws, the promise rejects.
 */
// deno-lint-ignore no-explicit-any -- only the caller knows the type of the answer
export type Ask = <Answer = any>(message: unknown) => Promise<Answer>;

/**
 * The options of {@linkcode JSockDClient.renderToStream}.
 *
 * @example Strict back-pressure
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { initEmbeddedJSockDClient } from "@x/jsockd/embedded";
 *
 * await using client = await initEmbeddedJSockDClient({ nThreads: 1 });
 * const stream = await client.renderToStream("(_, parts) => parts", ["<p>", "Hello"], {
 *   highWaterMark: 0,
 * });
 * assertEquals(await new Response(stream).text(), "<p>Hello");
 * ```
 */
export interface StreamOptions
  extends Pick<RunOptions, "messageHandler" | "signal" | "timeoutUs" | "isolated"> {
  /**
   * How many bytes the client keeps for a reader that is slower than the page. When there are so
   * many, the page waits. Default 1,048,576 (1 MiB); 0: the page waits after each chunk until the
   * reader asks for the next.
   */
  highWaterMark?: number;
}

const CHECKS: FieldChecks<StreamOptions> = {
  messageHandler: callable,
  signal: abortSignal,
  timeoutUs: integer(1, MAX_TIMEOUT_US),
  isolated: boolean,
  highWaterMark: integer(0, Number.MAX_SAFE_INTEGER),
};

/** Options with the default. */
export type CheckedStreamOptions = StreamOptions & { highWaterMark: number };

/**
 * Checks options and returns them with the default. A function is short for options with just that
 * message handler.
 *
 * @throws {JSockDClientError} `INVALID_COMMAND` if an option is unknown or invalid.
 */
export function toStreamOptions(
  options: MessageHandler | StreamOptions = {},
): CheckedStreamOptions {
  const given = typeof options === "function"
    ? { messageHandler: options }
    : checkFields(options, CHECKS, "options of the command", "INVALID_COMMAND");
  return { highWaterMark: 1_048_576, ...given };
}
