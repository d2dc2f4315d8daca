import { RESET_REPLY } from "../protocol/commands.ts";
import type { JSockDRecord } from "../protocol/records.ts";

/** How long an answer to `?reset` is waited for before another is sent, at first. */
const FIRST_RETRY_MS = 20;

/**
 * Gets a connection into step with its server again. A `?reset` is lost if the server reads it as part
 * of a message's answer, so it is sent until one is answered.
 */
export class Reset {
  readonly #send: () => void;
  #unanswered = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Sends `?reset` by calling `send`. */
  constructor(send: () => void) {
    this.#send = send;
  }

  /** Whether the connection is out of step: nothing that comes is to be trusted. */
  get pending(): boolean {
    return this.#timer !== undefined;
  }

  /** Begins at once. */
  begin(): void {
    this.#sendUntilAnswered(FIRST_RETRY_MS);
  }

  /** Begins when what is being written has left: in one write with it `?reset` would be part of it. */
  beginSoon(): void {
    this.#timer = setTimeout(() => this.begin(), 1);
  }

  /** Ends if the record answers a `?reset`: whether it does. */
  takeReply(record: JSockDRecord): boolean {
    const isReply = record.type === "control" && record.text === RESET_REPLY;
    if (!isReply || this.#unanswered === 0) return false;
    this.#unanswered--;
    this.stop();
    return true;
  }

  /** Sends nothing any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #sendUntilAnswered(retryMs: number): void {
    this.#unanswered++;
    this.#send();
    this.#timer = setTimeout(() => this.#sendUntilAnswered(retryMs * 2), retryMs);
  }
}
