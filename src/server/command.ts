import { formatCommand } from "../protocol/commands.ts";
import type { QueryRecord } from "./query_history.ts";

/**
 * Answers a message that the JavaScript sends, both as JSON text. What it throws ends the command.
 */
export type RawMessageHandler = (messageJson: string) => string | Promise<string>;

/** Is told of a command's way. */
export interface CommandObserver {
  /** The command goes to a thread, for the first time or again. */
  sent(thread: number): void;
  /** A message of the command is answered by `answer`. */
  message(answer: () => Promise<string>): Promise<string>;
}

/** What a command is made of. */
export interface CommandParts {
  /** Names the command in its records. */
  readonly id: string;
  /** Text that evaluates to the function. */
  readonly query: string;
  /** What is known of the query. */
  readonly history: QueryRecord;
  /** JSON text. */
  readonly paramJson: string;
  /** Answers the command's messages. */
  readonly messageHandler: RawMessageHandler | undefined;
}

/**
 * A command on its way from a caller to a server and back. Its caller may stop waiting before the
 * server answers: it is settled then, while the server still works on it.
 */
export class Command {
  /** Names the command in its records. */
  readonly id: string;
  /** What is written to the server. */
  readonly text: string;
  /** What is known of its query. */
  readonly history: QueryRecord;
  /** Answers the command's messages. */
  readonly messageHandler: RawMessageHandler | undefined;
  /** Is told of the command's way, if anybody listens. */
  observer: CommandObserver | undefined;
  /** The result as JSON text. */
  readonly result: Promise<string>;
  readonly #deferred = Promise.withResolvers<string>();
  readonly #onSettled: Array<() => void> = [];
  #state: "pending" | "fulfilled" | "rejected" = "pending";

  /** @throws {JSockDClientError} `INVALID_COMMAND` if the query or the parameter cannot be sent. */
  constructor({ id, query, history, paramJson, messageHandler }: CommandParts) {
    this.id = id;
    this.text = formatCommand(id, query, paramJson);
    this.history = history;
    this.messageHandler = messageHandler;
    this.result = this.#deferred.promise;
  }

  /** Whether the caller still waits, has the result, or has an error. */
  get state(): "pending" | "fulfilled" | "rejected" {
    return this.#state;
  }

  /**
   * Whether the command may be in flight together with others: as far as anyone can know it sends no
   * message, for whose answer the server would take whatever comes next.
   */
  get shareable(): boolean {
    return this.messageHandler === undefined && this.history.quiet;
  }

  /** Gives the caller the result, if it still waits. */
  resolve(resultJson: string): void {
    if (this.#settle("fulfilled")) this.#deferred.resolve(resultJson);
  }

  /** Gives the caller an error, or the reason of its signal, if it still waits. */
  reject(reason: unknown): void {
    if (this.#settle("rejected")) this.#deferred.reject(reason);
  }

  /** Calls `listener` when the caller no longer waits, or at once if it already does not. */
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
