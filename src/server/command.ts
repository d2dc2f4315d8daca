import { encodeCommand } from "../protocol/commands.ts";

/**
 * Answers a message that the JavaScript sends, both as JSON text. What it throws ends the command.
 */
export type RawMessageHandler = (messageJson: string) => string | Promise<string>;

/**
 * A command on its way from a caller to a server and back. Its caller may stop waiting before the
 * server answers: it is settled then, while the server still works on it.
 */
export class Command {
  /** Names the command in its records. */
  readonly id: string;
  /** What is written to the server. */
  readonly bytes: Uint8Array;
  /** Answers the command's messages. */
  readonly messageHandler: RawMessageHandler | undefined;
  /** The result as JSON text. */
  readonly result: Promise<string>;
  readonly #deferred = Promise.withResolvers<string>();
  readonly #onSettled: Array<() => void> = [];
  #state: "pending" | "fulfilled" | "rejected" = "pending";

  /** @throws {JSockDClientError} `INVALID_COMMAND` if the query or the parameter cannot be sent. */
  constructor(
    id: string,
    query: string,
    paramJson: string,
    messageHandler: RawMessageHandler | undefined,
  ) {
    this.id = id;
    this.bytes = encodeCommand(id, query, paramJson);
    this.messageHandler = messageHandler;
    this.result = this.#deferred.promise;
  }

  /** Whether the caller still waits, has the result, or has an error. */
  get state(): "pending" | "fulfilled" | "rejected" {
    return this.#state;
  }

  /** Gives the caller the result, if it still waits. */
  resolve(resultJson: string): void {
    if (this.#settle("fulfilled")) this.#deferred.resolve(resultJson);
  }

  /** Gives the caller an error, or the reason of its signal, if it still waits. */
  reject(reason: unknown): void {
    if (this.#settle("rejected")) this.#deferred.reject(reason);
  }

  /** Calls `listener` when the caller no longer waits. */
  onSettled(listener: () => void): void {
    this.#onSettled.push(listener);
  }

  #settle(state: "fulfilled" | "rejected"): boolean {
    if (this.#state !== "pending") return false;
    this.#state = state;
    for (const listener of this.#onSettled) listener();
    return true;
  }
}
