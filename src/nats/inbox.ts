import { createInbox } from "@nats-io/transport-node";
import type { NatsConnection, NatsMessage } from "./library.ts";

/** Receives the messages to one subject of an {@linkcode Inbox}. */
export interface Receiver {
  /** Called with each message. Must not throw. */
  receive(msg: NatsMessage): void;
}

/** Any number of subjects on one subscription. */
export class Inbox {
  readonly #prefix: string;
  readonly #receivers = new Map<string, Receiver>();
  readonly #subscription;
  #count = 0;

  /**
   * Subscribes. Messages to a subject whose receiver was removed are dropped. `onDenied` is called if
   * NATS does not allow the subscription.
   */
  constructor(connection: NatsConnection, onDenied: (error: Error) => void) {
    this.#prefix = createInbox(connection.options?.inboxPrefix);
    this.#subscription = connection.subscribe(`${this.#prefix}.*`, {
      callback: (error, msg) => {
        if (error !== null) return onDenied(error);
        this.#receivers.get(msg.subject.slice(this.#prefix.length + 1))?.receive(msg);
      },
    });
  }

  /** Adds a receiver. Returns its token. */
  add(receiver: Receiver): string {
    const token = String(this.#count++);
    this.#receivers.set(token, receiver);
    return token;
  }

  /** Returns the subject of a token. */
  subject(token: string): string {
    return `${this.#prefix}.${token}`;
  }

  /** Removes a receiver. */
  remove(token: string): void {
    this.#receivers.delete(token);
  }

  /** Ends the subscription. */
  close(): void {
    this.#receivers.clear();
    this.#subscription.unsubscribe();
  }
}
