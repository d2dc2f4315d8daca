import { type Field, FieldDecoder } from "../protocol/fields.ts";
import type { Mailbox } from "./mailbox.ts";

/** The fields that come out of a mailbox, read one at a time by a thread that can wait for them. */
export class FieldReader {
  readonly #mailbox: Mailbox;
  readonly #decoder: FieldDecoder;
  readonly #fields: Field[] = [];

  /** Reads fields that the separator byte ends. */
  constructor(mailbox: Mailbox, separator: number) {
    this.#mailbox = mailbox;
    this.#decoder = new FieldDecoder(separator);
  }

  /** Blocks until there is a field to read; false if there was none in so many milliseconds. */
  wait(timeout: number = Infinity): boolean {
    while (this.#fields.length === 0) {
      const chunk = this.#mailbox.take(timeout);
      if (chunk === undefined) return false;
      this.#decoder.transform(chunk, {
        enqueue: (field) => void this.#fields.push(field!),
      });
    }
    return true;
  }

  /** Blocks until there is a field, and takes it. */
  next(): Field {
    this.wait();
    return this.#fields.shift()!;
  }

  /** Blocks until there is a field, and leaves it there. */
  peek(): Field {
    this.wait();
    return this.#fields[0]!;
  }
}
