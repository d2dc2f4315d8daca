import { type Field, FieldDecoder } from "../../protocol/fields.ts";

/** Where a thread gets what the client sent, and can wait for it. */
export interface ByteSource {
  /**
   * Blocks until there are bytes, and takes them.
   *
   * @param timeout How long to wait, in milliseconds.
   * @returns The bytes, or undefined if none came in time.
   */
  take(timeout?: number): Uint8Array | undefined;
}

/** Reads what a client sends, one field at a time, in a thread that can wait for them. */
export class FieldReader {
  readonly #source: ByteSource;
  readonly #decoder: FieldDecoder;
  readonly #fields: Field[] = [];

  /** Reads fields that the separator byte ends. */
  constructor(source: ByteSource, separator: number) {
    this.#source = source;
    this.#decoder = new FieldDecoder(separator);
  }

  /** Blocks until there is a field to read; false if there was none in so many milliseconds. */
  wait(timeout: number = Infinity): boolean {
    while (this.#fields.length === 0) {
      const chunk = this.#source.take(timeout);
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
