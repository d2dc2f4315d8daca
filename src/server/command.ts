import type { Deadline } from "../common/deadlines.ts";
import { JSockDClientError, JSockDJSException } from "../common/errors.ts";
import { ISOLATED_ID_PREFIX, joinCommand } from "../protocol/commands.ts";
import type { LargeParameter } from "./large_parameter.ts";
import type { QueryRecord } from "./query_history.ts";

/**
 * Answers a message that the JavaScript sends. Message and answer are JSON text. If it throws, the
 * command ends.
 */
export type RawMessageHandler = (messageJson: string) => string | Promise<string>;

/** Observes a command on its way, for telemetry. */
export interface CommandObserver {
  /** Called when the command is sent to a thread: once, or again if it has to be sent again. */
  sent(thread: number): void;
  /**
   * Called for each message with the function that answers it. Must return that function's result.
   */
  message(answer: () => Promise<string>): Promise<string>;
}

/** How many servers may end while an idempotent command is in flight, before it rejects. */
const MAX_LOSSES = 2;

/** What a command is made of. */
export interface CommandParts {
  /** Identifies the command in its records. */
  readonly id: string;
  /** The query, and what is known about it. */
  readonly history: QueryRecord;
  /** The parameter as JSON text. */
  readonly paramJson: string;
  /** When the caller called, from `performance.now()`. */
  readonly calledAt: number;
  /** Makes the caller's result of the JSON text. If it throws, the command rejects. */
  readonly parse: (resultJson: string) => unknown;
  /** Called when the command has settled, before the caller gets its result. */
  readonly onEnd: (command: Command) => void;
  /** Whether the command may run twice. */
  readonly idempotent: boolean;
  /** The parameter, if the command asks for it by messages. */
  readonly largeParameter: LargeParameter | undefined;
  /** Answers the command's messages. */
  readonly messageHandler: RawMessageHandler | undefined;
}

/**
 * A command on its way from a caller to a server and back.
 *
 * It settles exactly once: with the server's answer, a timeout, an aborted signal, or an error of
 * the client. Later attempts to settle it do nothing, so callers of `resolve()` and `reject()` need
 * not check. Settling ends only the caller's wait. If the command is in flight, the server still
 * works on it, and it keeps its place in the connection's in-flight list until the server answers.
 */
export class Command {
  /** Identifies the command in its records. */
  readonly id: string;
  /** The text to write to the socket. */
  readonly text: string;
  /** What is known about the query. */
  readonly history: QueryRecord;
  /** The parameter, if the command asks for it by messages. */
  readonly largeParameter: LargeParameter | undefined;
  /** Answers the command's other messages. */
  readonly messageHandler: RawMessageHandler | undefined;
  /** Observes the command, if telemetry is on. */
  observer: CommandObserver | undefined;
  /** When the caller stops waiting. The runner sets it. */
  deadline: Deadline<Command> | undefined;
  /** When the caller called, from `performance.now()`. */
  readonly calledAt: number;
  /** The promise that the caller waits for. */
  readonly result: Promise<unknown>;
  readonly #parse: (resultJson: string) => unknown;
  readonly #onEnd: (command: Command) => void;
  readonly #idempotent: boolean;
  #losses = 0;
  readonly #deferred = Promise.withResolvers<unknown>();
  #onSettled: Array<() => void> | undefined;
  #state: "pending" | "fulfilled" | "rejected" = "pending";
  #latencyMs = 0;

  /** @throws {JSockDClientError} `INVALID_COMMAND` if the parameter cannot be sent. */
  constructor(parts: CommandParts) {
    this.id = parts.id;
    this.text = joinCommand(parts.id, parts.history.query, parts.paramJson);
    this.history = parts.history;
    this.largeParameter = parts.largeParameter;
    this.messageHandler = parts.messageHandler;
    this.calledAt = parts.calledAt;
    this.#parse = parts.parse;
    this.#onEnd = parts.onEnd;
    this.#idempotent = parts.idempotent;
    this.result = this.#deferred.promise;
  }

  /** Whether the caller still waits, has the result, or has an error. */
  get state(): "pending" | "fulfilled" | "rejected" {
    return this.#state;
  }

  /**
   * Whether the command may share a connection with other commands in flight. While the server
   * waits for the answer to a message, it takes the next bytes on the socket for that answer, even
   * if they are a pipelined command. So a command with a message handler never shares. One without
   * a handler shares only if its query has run before and never sent a message.
   */
  get shareable(): boolean {
    return this.messageHandler === undefined && this.history.quiet;
  }

  /** Whether the command runs in globals of its own. */
  get isolated(): boolean {
    return this.id.startsWith(ISOLATED_ID_PREFIX);
  }

  /** Whether the command may have begun on a server that then ended. */
  get wasLost(): boolean {
    return this.#losses > 0;
  }

  /**
   * Records that the server ended when the command may have begun. Returns whether to send it again;
   * if not, it is rejected with the reason.
   */
  lose(reason: JSockDClientError): boolean {
    this.#losses++;
    if (this.#idempotent && this.#losses < MAX_LOSSES) return true;
    this.reject(this.#idempotent ? lostAgain(reason) : reason);
    return false;
  }

  /** The time from the call to the result, in milliseconds. */
  get latencyMs(): number {
    return this.#latencyMs;
  }

  /**
   * Fulfils the caller's promise with the result, if it is pending. Rejects it if the result cannot
   * be parsed.
   *
   * @param receivedAt When the result came, from `performance.now()`.
   */
  resolve(resultJson: string, receivedAt: number): void {
    if (this.#state !== "pending") return;
    let result: unknown;
    try {
      result = this.#parse(resultJson);
    } catch (error) {
      return this.reject(error);
    }
    this.#latencyMs = receivedAt - this.calledAt;
    this.#settle("fulfilled");
    this.#deferred.resolve(result);
  }

  /** Rejects the caller's promise with an exception that the server sent, if it is pending. */
  rejectWithException(json: string): void {
    this.reject(new JSockDJSException(this.largeParameter?.restoreException(json) ?? json));
  }

  /** Rejects the caller's promise with an error or the reason of a signal, if it is pending. */
  reject(reason: unknown): void {
    if (this.#settle("rejected")) this.#deferred.reject(reason);
  }

  /**
   * Calls `listener` when the command settles, or at once if it already has. Listeners run
   * synchronously, before the caller gets its result.
   */
  onSettled(listener: () => void): void {
    if (this.#state !== "pending") return listener();
    // Most commands have no listener.
    this.#onSettled ??= [];
    this.#onSettled.push(listener);
  }

  #settle(state: "fulfilled" | "rejected"): boolean {
    if (this.#state !== "pending") return false;
    this.#state = state;
    this.#onEnd(this);
    if (this.#onSettled !== undefined) { for (const listener of this.#onSettled) listener(); }
    return true;
  }
}

function lostAgain({ code, message }: JSockDClientError): JSockDClientError {
  return new JSockDClientError(
    code,
    `${message}. It is idempotent, but ${MAX_LOSSES} servers ended while it was in flight, so it is ` +
      "not sent again",
  );
}
