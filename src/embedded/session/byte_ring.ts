/** Counters of all bytes ever written and released. They wrap around at 2^32. */
const WRITTEN = 0;
const READ = 1;
const HEADER_BYTES = 2 * Int32Array.BYTES_PER_ELEMENT;

/** The default capacity in bytes: a few hundred small commands. */
const DEFAULT_CAPACITY = 1 << 17;

/**
 * A ring buffer in shared memory. One thread writes to it, another thread reads from it.
 *
 * A worker may block on the ring: JavaScript that waits for the response to a message has to. The
 * main thread uses only the methods that do not block.
 *
 * A position is the number of bytes before it, since the ring was created. The reader may look at
 * bytes any number of times. Their space is free for the writer once the reader releases them. Each
 * write becomes visible to the reader all at once.
 */
export class ByteRing {
  /** The shared memory, from which the other thread creates its own view of the ring. */
  readonly memory: SharedArrayBuffer;
  readonly #counters: Int32Array<SharedArrayBuffer>;
  readonly #bytes: Uint8Array<SharedArrayBuffer>;
  readonly #capacity: number;

  constructor(
    memory: SharedArrayBuffer = new SharedArrayBuffer(HEADER_BYTES + DEFAULT_CAPACITY),
  ) {
    this.memory = memory;
    this.#counters = new Int32Array(memory, 0, 2);
    this.#bytes = new Uint8Array(memory, HEADER_BYTES);
    this.#capacity = this.#bytes.length;
  }

  /** The position after the last written byte. */
  get writePosition(): number {
    return Atomics.load(this.#counters, WRITTEN);
  }

  /** The position after the last released byte. */
  get releasePosition(): number {
    return Atomics.load(this.#counters, READ);
  }

  /** Whether there is no space to write to. */
  get isFull(): boolean {
    return distance(this.releasePosition, this.writePosition) === this.#capacity;
  }

  /**
   * Writes as many bytes as there is space for. The reader can read them at once. A reader that is
   * waiting wakes up only on {@linkcode ByteRing.notifyReader}.
   *
   * @returns The number of bytes written.
   */
  write(bytes: Uint8Array): number {
    const written = this.writePosition;
    const room = this.#capacity - distance(this.releasePosition, written);
    const length = Math.min(bytes.length, room);
    const at = this.#index(written);
    const beforeEnd = this.#capacity - at;
    if (length <= beforeEnd) {
      this.#bytes.set(length === bytes.length ? bytes : bytes.subarray(0, length), at);
    } else {
      this.#bytes.set(bytes.subarray(0, beforeEnd), at);
      this.#bytes.set(bytes.subarray(beforeEnd, length), 0);
    }
    Atomics.store(this.#counters, WRITTEN, (written + length) | 0);
    return length;
  }

  /** Wakes up the reader if it is waiting. */
  notifyReader(): void {
    Atomics.notify(this.#counters, WRITTEN);
  }

  /** Blocks while the ring is full. */
  waitForSpace(): void {
    const released = this.releasePosition;
    if (this.isFull) Atomics.wait(this.#counters, READ, released);
  }

  /** Resolves when the ring is not full. */
  async waitForSpaceAsync(): Promise<void> {
    for (;;) {
      const released = this.releasePosition;
      if (!this.isFull) return;
      await Atomics.waitAsync(this.#counters, READ, released).value;
    }
  }

  /**
   * Blocks until bytes are written past a position.
   *
   * @param timeout How long to wait, in milliseconds.
   * @returns False if the timeout passed first.
   */
  waitForBytesPast(position: number, timeout: number): boolean {
    return Atomics.wait(this.#counters, WRITTEN, position | 0, timeout) !== "timed-out";
  }

  /** Resolves when there are bytes to read. */
  async waitForBytesAsync(): Promise<void> {
    const released = this.releasePosition;
    await Atomics.waitAsync(this.#counters, WRITTEN, released).value;
  }

  /** Returns the next position of a byte, from a position on, or undefined if there is none. */
  find(byte: number, from: number): number | undefined {
    const length = distance(from, this.writePosition);
    const at = this.#index(from);
    const end = Math.min(at + length, this.#capacity);
    const index = this.#bytes.subarray(at, end).indexOf(byte);
    if (index >= 0) return (from + index) | 0;
    const rest = length - (end - at);
    if (rest === 0) return undefined;
    const wrapped = this.#bytes.subarray(0, rest).indexOf(byte);
    return wrapped < 0 ? undefined : (from + (end - at) + wrapped) | 0;
  }

  /** Returns a copy of the bytes between two positions. */
  copy(from: number, to: number): Uint8Array<ArrayBuffer> {
    const length = distance(from, to);
    const at = this.#index(from);
    if (at + length <= this.#capacity) {
      return new Uint8Array(this.#bytes.subarray(at, at + length));
    }
    const copy = new Uint8Array(length);
    const beforeEnd = this.#capacity - at;
    copy.set(this.#bytes.subarray(at));
    copy.set(this.#bytes.subarray(0, length - beforeEnd), beforeEnd);
    return copy;
  }

  /** Releases all bytes before a position. Does nothing if they are released already. */
  release(position: number): void {
    if (position === this.releasePosition) return;
    Atomics.store(this.#counters, READ, position | 0);
    Atomics.notify(this.#counters, READ);
  }

  /** The capacity is a power of two, so that this holds when positions wrap around, too. */
  #index(position: number): number {
    return position & (this.#capacity - 1);
  }
}

/** Returns the number of bytes between two positions. */
export function distance(from: number, to: number): number {
  return (to - from) | 0;
}
