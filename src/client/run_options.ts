import { MAX_TIMEOUT_US } from "../config/config.ts";
import {
  abortSignal,
  callable,
  checkFields,
  type FieldChecks,
  integer,
} from "../config/field_checks.ts";
import { fromServerJson, toJson } from "./json.ts";
import type { RawMessageHandler } from "../server/command.ts";

/**
 * Answers a message that the JavaScript sends with `JSockD.sendMessage(message)`, which returns the
 * answer. What it throws, and an answer that JSON cannot hold, ends the command. It may itself call
 * {@linkcode JSockDClient.run}.
 *
 * @example Data that the JavaScript asks for
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
// deno-lint-ignore no-explicit-any -- a message is what the JavaScript makes it
export type MessageHandler = (message: any) => unknown | Promise<unknown>;

/**
 * How one command is run.
 *
 * @example A limit of its own
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
  /** Answers the command's messages. Default: none, and a message ends the command. */
  messageHandler?: MessageHandler;
  /** Rejects the command with the signal's reason when it aborts. */
  signal?: AbortSignal;
  /** Longest time from call to answer, in microseconds. Default: the configuration's `timeoutUs`. */
  timeoutUs?: number;
}

/** How one command is run whose parameter, messages and result stay JSON text. */
export interface RawRunOptions extends Omit<RunOptions, "messageHandler"> {
  /** Answers the command's messages. Default: none, and a message ends the command. */
  messageHandler?: RawMessageHandler;
}

/** Options with whatever kind of message handler. */
type AnyRunOptions<Handler> = Omit<RunOptions, "messageHandler"> & { messageHandler?: Handler };

const NO_OPTIONS = {};

const CHECKS: FieldChecks<RunOptions> = {
  messageHandler: callable,
  signal: abortSignal,
  timeoutUs: integer(1, MAX_TIMEOUT_US),
};

/**
 * Completes and checks options; a message handler alone stands for the options that name just it.
 *
 * @throws {JSockDClientError} `INVALID_COMMAND` if an option is unknown or cannot be used.
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

/** Makes a handler of JSON text of one of values. */
export function overValues(handler: MessageHandler | undefined): RawMessageHandler | undefined {
  return handler && (async (messageJson) => toJson(await handler(fromServerJson(messageJson))));
}

/** Has a handler of JSON text throw if what it answers is not JSON. */
export function overJsonText(
  handler: RawMessageHandler | undefined,
): RawMessageHandler | undefined {
  return handler && (async (messageJson) => {
    const answerJson = await handler(messageJson);
    JSON.parse(answerJson);
    return answerJson;
  });
}
