import { RESET_REPLY } from "../protocol/commands.ts";
import type { JSockDRecord } from "../protocol/records.ts";

/** How long to wait for the reply to the first `?reset`. Each retry doubles the wait. */
const FIRST_RETRY_MS = 20;

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

  /** Creates a reset that calls `send` to send `?reset`. */
  constructor(send: () => void) {
    this.#send = send;
  }

  /** Whether a reset has begun and has no reply yet. */
  get pending(): boolean {
    return this.#timer !== undefined;
  }

  /** Sends `?reset` now. */
  begin(): void {
    this.#sendUntilAnswered(FIRST_RETRY_MS);
  }

  /**
   * Begins a reset, but sends the first `?reset` only in a later turn of the event loop, when the
   * writer has begun to write what was pushed before. In the same write as the answer to a message,
   * the server would read `?reset` as part of the answer. The reset is pending from now on.
   */
  beginSoon(): void {
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
    this.#timer = undefined;
  }

  #sendUntilAnswered(retryMs: number): void {
    this.#unanswered++;
    this.#send();
    this.#timer = setTimeout(() => this.#sendUntilAnswered(retryMs * 2), retryMs);
  }
}
