/** Counters of all bytes that were written and read so far; they wrap around at 2^32. */
const WRITTEN = 0;
const READ = 1;
const HEADER_BYTES = 2 * Int32Array.BYTES_PER_ELEMENT;

/** Bytes that a ring holds unless it is told otherwise: a few hundred small commands. */
const DEFAULT_CAPACITY = 1 << 17;

/**
 * A queue of bytes in memory that two threads share: one writes, the other reads, and neither copies
 * more than once. A worker may block on it, which is what JavaScript that waits for the answer to a
 * message has to do; the main thread never does.
 *
 * Positions count bytes since the beginning. A reader looks at bytes as long as it likes and then
 * releases them; only that makes room for the writer. A write is visible as a whole or not at all.
 */
export class ByteRing {
  /** The shared memory, with which the other thread makes its own end of the ring. */
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

  /** Position after the last byte that was written. */
  get writePosition(): number {
    return Atomics.load(this.#counters, WRITTEN);
  }

  /** Position after the last byte that was released. */
  get releasePosition(): number {
    return Atomics.load(this.#counters, READ);
  }

  /** Whether nothing more can be written before something is released. */
  get isFull(): boolean {
    return distance(this.releasePosition, this.writePosition) === this.#capacity;
  }

  /**
   * Writes as many of the bytes as there is room for. They can be read at once, but who waits for them
   * only goes on after {@linkcode ByteRing.notifyReader}.
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

  /** Has the reader go on, if it waits. */
  notifyReader(): void {
    Atomics.notify(this.#counters, WRITTEN);
  }

  /** Blocks until bytes have been released that were not when the ring was full. */
  waitForSpace(): void {
    const released = this.releasePosition;
    if (this.isFull) Atomics.wait(this.#counters, READ, released);
  }

  /** Resolves when there is room. */
  async waitForSpaceAsync(): Promise<void> {
    for (;;) {
      const released = this.releasePosition;
      if (!this.isFull) return;
      await Atomics.waitAsync(this.#counters, READ, released).value;
    }
  }

  /**
   * Blocks until there are bytes behind a position.
   *
   * @param timeout How long to wait, in milliseconds.
   * @returns Whether there are; false if none came in time.
   */
  waitForBytesPast(position: number, timeout: number): boolean {
    return Atomics.wait(this.#counters, WRITTEN, position | 0, timeout) !== "timed-out";
  }

  /** Resolves when there are bytes that are not released. */
  async waitForBytesAsync(): Promise<void> {
    const released = this.releasePosition;
    await Atomics.waitAsync(this.#counters, WRITTEN, released).value;
  }

  /** Where a byte is next, from a position on; undefined if it has not been written yet. */
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

  /** Copies the bytes from one position to another. */
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

  /** Makes room of all bytes before a position. May be told the same twice. */
  release(position: number): void {
    if (position === this.releasePosition) return;
    Atomics.store(this.#counters, READ, position | 0);
    Atomics.notify(this.#counters, READ);
  }

  /** The capacity is a power of two, so positions that wrap around stay in step. */
  #index(position: number): number {
    return position & (this.#capacity - 1);
  }
}

/** How many bytes lie between two positions. */
export function distance(from: number, to: number): number {
  return (to - from) | 0;
}
