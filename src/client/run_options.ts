import { MAX_TIMEOUT_US } from "../config/config.ts";
import {
  abortSignal,
  boolean,
  callable,
  checkFields,
  type FieldChecks,
  integer,
} from "../config/field_checks.ts";
import { fromServerJson, toJson } from "./json.ts";
import type { RawMessageHandler } from "../server/command.ts";

/**
 * Answers a message that the JavaScript sends with `JSockD.sendMessage(message)`. The answer is
 * what that call returns. If the handler throws, or JSON cannot hold the answer, the command
 * rejects. The handler may call {@linkcode JSockDClient.run} itself.
 *
 * @example Loading data that the JavaScript asks for
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import type { MessageHandler } from "@x/jsockd";
 * import { initEmbeddedJSockDClient } from "@x/jsockd/embedded";
 *
 * const titles: Record<string, string> = { "7": "Seven" };
 * const load: MessageHandler = (id) => titles[id];
 *
 * await using client = await initEmbeddedJSockDClient({ nThreads: 1 });
 * assertEquals(await client.run("(_, id) => JSockD.sendMessage(id)", "7", load), "Seven");
 * ```
 */
// deno-lint-ignore no-explicit-any -- only the JavaScript knows the type of its messages
export type MessageHandler = (message: any) => unknown | Promise<unknown>;

/**
 * The options of one command.
 *
 * @example A timeout for one command
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { initEmbeddedJSockDClient } from "@x/jsockd/embedded";
 *
 * await using client = await initEmbeddedJSockDClient({ nThreads: 1 });
 * const { signal } = new AbortController();
 * assertEquals(await client.run("(_, n) => n", 1, { timeoutUs: 5_000_000, signal }), 1);
 * ```
 */
export interface RunOptions {
  /** Answers the command's messages. Without one, the command rejects when it sends a message. */
  messageHandler?: MessageHandler;
  /** Rejects the command with the signal's reason when it aborts. */
  signal?: AbortSignal;
  /** The timeout from call to result, in microseconds. Default: the configuration's `timeoutUs`. */
  timeoutUs?: number;
  /**
   * Whether the command may run twice, as rendering a page may. If the server dies while it is in
   * flight, it is sent to the next server, instead of rejecting with `SERVER_EXITED`. If that dies as
   * well, it rejects, because it may be what ends the servers. Default false.
   */
  idempotent?: boolean;
  /**
   * Whether the command runs in globals of its own. It finds the module as it was loaded, and whatever
   * it changes is gone after it: no other command can see it. Only embedded servers can do that. In
   * QuickJS it takes about 1 ms more, and keeps code of strangers apart. On V8 it takes a few
   * milliseconds, and loading the module each time; it is for code of your own. Default: the
   * configuration's `isolated`.
   */
  isolated?: boolean;
}

/** The options of one command whose parameter, messages and result are JSON text. */
export interface RawRunOptions extends Omit<RunOptions, "messageHandler"> {
  /** Answers the command's messages. Without one, the command rejects when it sends a message. */
  messageHandler?: RawMessageHandler;
}

/** Options with either kind of message handler. */
type AnyRunOptions<Handler> = Omit<RunOptions, "messageHandler"> & { messageHandler?: Handler };

const NO_OPTIONS = {};

const CHECKS: FieldChecks<RunOptions> = {
  messageHandler: callable,
  signal: abortSignal,
  timeoutUs: integer(1, MAX_TIMEOUT_US),
  idempotent: boolean,
  isolated: boolean,
};

/**
 * Checks options and returns them as an object. A function is short for options with just that
 * message handler.
 *
 * @throws {JSockDClientError} `INVALID_COMMAND` if an option is unknown or invalid.
 */
export function toRunOptions<Handler extends MessageHandler | RawMessageHandler>(
  options: Handler | AnyRunOptions<Handler> | undefined,
): AnyRunOptions<Handler> {
  if (options === undefined) return NO_OPTIONS;
  if (typeof options === "function") return { messageHandler: options };
  return checkFields<AnyRunOptions<Handler>>(
    options,
    CHECKS,
    "options of the command",
    "INVALID_COMMAND",
  );
}

/** Returns a handler for JSON text that parses the message for a handler of values. */
export function overValues(handler: MessageHandler | undefined): RawMessageHandler | undefined {
  return handler && (async (messageJson) => toJson(await handler(fromServerJson(messageJson))));
}

/** Returns a handler for JSON text that throws if the answer of the given one is not JSON. */
export function overJsonText(
  handler: RawMessageHandler | undefined,
): RawMessageHandler | undefined {
  return handler && (async (messageJson) => {
    const answerJson = await handler(messageJson);
    JSON.parse(answerJson);
    return answerJson;
  });
}
