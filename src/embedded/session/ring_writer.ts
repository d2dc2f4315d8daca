import type { ByteRing } from "./byte_ring.ts";

/** A write that is not complete. */
interface Write {
  readonly bytes: Uint8Array;
  /** The position in the ring of the first byte. */
  readonly start: number;
  readonly tag: object | undefined;
}

/**
 * Writes to a ring so that every write arrives whole, and once.
 *
 * V8 interrupts JavaScript with a termination that nothing can catch, and the termination may hit
 * between any two statements of this class. {@linkcode RingWriter.completeWrite} then writes the
 * rest.
 */
export class RingWriter {
  readonly #ring: ByteRing;
  #current: Write | undefined;
  #lastTag: object | undefined;

  constructor(ring: ByteRing) {
    this.#ring = ring;
  }

  /** The tag of the last complete write. */
  get lastTag(): object | undefined {
    return this.#lastTag;
  }

  /** Wakes up the reader if it is waiting. */
  notifyReader(): void {
    this.#ring.notifyReader();
  }

  /**
   * Writes bytes, and blocks while the ring has no space for them. A reader that is waiting may not
   * wake up before {@linkcode RingWriter.notifyReader}.
   *
   * @param tag Identifies this write in {@linkcode RingWriter.lastTag}.
   */
  write(bytes: Uint8Array, tag?: object): void {
    this.completeWrite();
    this.#current = { bytes, start: this.#ring.writePosition, tag };
    this.completeWrite();
  }

  /** Writes what is missing of the last write, if it was interrupted. */
  completeWrite(): void {
    if (this.#current === undefined) return;
    const { bytes, start, tag } = this.#current;
    for (;;) {
      // The ring itself shows how much is done, so an interruption at any point is harmless.
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
