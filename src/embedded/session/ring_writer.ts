import type { ByteRing } from "./byte_ring.ts";

/** What is being written. */
interface Write {
  readonly bytes: Uint8Array;
  /** The ring's position before the first of them. */
  readonly start: number;
  readonly tag: object | undefined;
}

/**
 * Writes to a ring what must arrive whole. JavaScript on V8 is interrupted by an exception that nothing
 * can catch, and it may hit here as well: {@linkcode RingWriter.completeWrite} then writes the rest, so that what
 * was begun never arrives in part, nor twice.
 */
export class RingWriter {
  readonly #ring: ByteRing;
  #current: Write | undefined;
  #lastTag: object | undefined;

  constructor(ring: ByteRing) {
    this.#ring = ring;
  }

  /** What the last write that is complete was of. */
  get lastTag(): object | undefined {
    return this.#lastTag;
  }

  /** Has the reader go on, if it waits. */
  notifyReader(): void {
    this.#ring.notifyReader();
  }

  /**
   * Writes bytes; blocks while there is no room for them. The reader need not know before
   * {@linkcode RingWriter.notifyReader}.
   *
   * @param tag What the bytes are about.
   */
  write(bytes: Uint8Array, tag?: object): void {
    this.completeWrite();
    this.#current = { bytes, start: this.#ring.writePosition, tag };
    this.completeWrite();
  }

  /** Writes what is left of the last write, if it was cut off. */
  completeWrite(): void {
    if (this.#current === undefined) return;
    const { bytes, start, tag } = this.#current;
    for (;;) {
      // How far it came says the ring itself, so no point at which it is cut off is a wrong one.
      const done = (this.#ring.writePosition - start) | 0;
      if (done === bytes.length) break;
      if (this.#ring.write(done === 0 ? bytes : bytes.subarray(done)) === 0) {
        this.#ring.notifyReader();
        this.#ring.waitForSpace();
      }
    }
    this.#lastTag = tag;
    this.#current = undefined;
  }
}
