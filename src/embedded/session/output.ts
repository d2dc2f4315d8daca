import type { ByteRing } from "./byte_ring.ts";

/** What is being written. */
interface Write {
  readonly bytes: Uint8Array;
  /** The ring's position before the first of them. */
  readonly start: number;
  readonly of: object | undefined;
}

/**
 * Writes to a ring what must arrive whole. JavaScript on V8 is interrupted by an exception that nothing
 * can catch, and it may hit here as well: {@linkcode Output.finish} then writes the rest, so that what
 * was begun never arrives in part, nor twice.
 */
export class Output {
  readonly #ring: ByteRing;
  #current: Write | undefined;
  #lastWritten: object | undefined;

  constructor(ring: ByteRing) {
    this.#ring = ring;
  }

  /** What the last write that is complete was of. */
  get lastWritten(): object | undefined {
    return this.#lastWritten;
  }

  /** Has the reader go on, if it waits. */
  wake(): void {
    this.#ring.wake();
  }

  /**
   * Writes bytes; blocks while there is no room for them. The reader need not know before
   * {@linkcode Output.wake}.
   *
   * @param of What the bytes are about.
   */
  write(bytes: Uint8Array, of?: object): void {
    this.finish();
    this.#current = { bytes, start: this.#ring.written, of };
    this.finish();
  }

  /** Writes what is left of the last write, if it was cut off. */
  finish(): void {
    if (this.#current === undefined) return;
    const { bytes, start, of } = this.#current;
    for (;;) {
      // How far it came says the ring itself, so no point at which it is cut off is a wrong one.
      const done = (this.#ring.written - start) | 0;
      if (done === bytes.length) break;
      if (this.#ring.write(done === 0 ? bytes : bytes.subarray(done)) === 0) {
        this.#ring.wake();
        this.#ring.waitForRoom();
      }
    }
    this.#lastWritten = of;
    this.#current = undefined;
  }
}
