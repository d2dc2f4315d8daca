import { RESET_REPLY } from "../protocol/commands.ts";
import type { JSockDRecord } from "../protocol/records.ts";

/**
 * How long to wait for the reply to a `?reset` before sending another. If a command is running, there
 * are many of them in the end, but each of the commands that were pipelined may take one for the
 * answer to a message of its own.
 */
const RETRY_MS = 20;

/**
 * Resynchronises a connection with its server: sends `?reset` until the server replies. A `?reset`
 * is lost if the server reads it as part of the answer to a message, hence the retries.
 *
 * At most one reset is pending on a connection. While it is, the connection sends no commands, and
 * drops every record other than the reply.
 */
export class Reset {
  readonly #send: () => void;
  /**
   * How many `?reset` have no reply. May exceed 1 after retries; late replies are counted off, too.
   */
  #unanswered = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #current: PromiseWithResolvers<void> | undefined;

  /** Creates a reset that calls `send` to send `?reset`. */
  constructor(send: () => void) {
    this.#send = send;
  }

  /** Whether a reset has begun and has no reply yet. */
  get pending(): boolean {
    return this.#current !== undefined;
  }

  /** The identity of the pending reset; undefined if none is pending. */
  get current(): object | undefined {
    return this.#current;
  }

  /** Resolves when no reset is pending any more. */
  get done(): Promise<void> {
    return this.#current?.promise ?? Promise.resolve();
  }

  /** Sends `?reset` now. */
  begin(): void {
    this.#current ??= Promise.withResolvers();
    this.#sendUntilAnswered();
  }

  /**
   * Begins a reset, but sends the first `?reset` only in a later turn of the event loop, when the
   * writer has begun to write what was pushed before. In the same write as the answer to a message,
   * the server would read `?reset` as part of the answer. The reset is pending from now on.
   */
  beginSoon(): void {
    this.#current = Promise.withResolvers();
    this.#timer = setTimeout(() => this.begin(), 1);
  }

  /** Ends the reset if the record is the reply to `?reset`. Returns whether it is. */
  takeReply(record: JSockDRecord): boolean {
    const isReply = record.type === "control" && record.text === RESET_REPLY;
    if (!isReply || this.#unanswered === 0) return false;
    this.#unanswered--;
    this.stop();
    return true;
  }

  /** Stops sending `?reset`; no reset is pending afterwards. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#current?.resolve();
    this.#current = undefined;
  }

  #sendUntilAnswered(): void {
    this.#unanswered++;
    this.#send();
    this.#timer = setTimeout(() => this.#sendUntilAnswered(), RETRY_MS);
  }
}
