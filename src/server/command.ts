import { JSockDClientError, JSockDJSException } from "../common/errors.ts";
import { formatCommand, ISOLATED_ID_PREFIX } from "../protocol/commands.ts";
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
  /** Text that evaluates to the function. */
  readonly query: string;
  /** What is known about the query. */
  readonly history: QueryRecord;
  /** The parameter as JSON text. */
  readonly paramJson: string;
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
  /** The promise that the caller waits for: the result as JSON text. */
  readonly result: Promise<string>;
  readonly #idempotent: boolean;
  #losses = 0;
  readonly #deferred = Promise.withResolvers<string>();
  readonly #onSettled: Array<() => void> = [];
  #state: "pending" | "fulfilled" | "rejected" = "pending";

  /** @throws {JSockDClientError} `INVALID_COMMAND` if the query or the parameter cannot be sent. */
  constructor(
    { id, query, history, paramJson, idempotent, largeParameter, messageHandler }: CommandParts,
  ) {
    this.id = id;
    this.text = formatCommand(id, query, paramJson);
    this.history = history;
    this.largeParameter = largeParameter;
    this.messageHandler = messageHandler;
    this.#idempotent = idempotent;
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

  /** Fulfils the caller's promise with the result, if it is pending. */
  resolve(resultJson: string): void {
    if (this.#settle("fulfilled")) this.#deferred.resolve(resultJson);
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
    if (this.#state === "pending") this.#onSettled.push(listener);
    else listener();
  }

  #settle(state: "fulfilled" | "rejected"): boolean {
    if (this.#state !== "pending") return false;
    this.#state = state;
    for (const listener of this.#onSettled) listener();
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
