const NO_BYTES = new Uint8Array(0);

/** The largest buffer that is kept when it is empty. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

/** After how many chunks that need little of it a buffer is given up. */
const MAX_LITTLE_USED = 1_000;

/**
 * Cuts a stream of bytes after the last delimiter in each chunk. The rest of the chunk is kept
 * until a later chunk completes it.
 *
 * What is kept is in one buffer, which is used again: an operating system takes many times as long
 * to provide new memory as it takes to copy into memory that is there.
 */
export class Runs {
  readonly #delimiter: number;
  /** Its bytes from `#start` to `#end` are kept. */
  #buffer = NO_BYTES;
  #start = 0;
  #end = 0;
  /** The number of chunks since more than a quarter of the buffer was needed. */
  #littleUsed = 0;

  constructor(delimiter: number) {
    this.#delimiter = delimiter;
  }

  /** The number of bytes since the last delimiter. */
  get pendingBytes(): number {
    return this.#end - this.#start;
  }

  /**
   * Adds a chunk. Returns everything up to and including its last delimiter, or undefined if it has
   * none. The result is a view of the chunk or of a buffer: use it before the chunk's buffer is
   * reused, and before the next chunk is added.
   */
  push(chunk: Uint8Array): Uint8Array | undefined {
    const end = chunk.lastIndexOf(this.#delimiter) + 1;
    if (this.pendingBytes === 0) {
      this.discard();
      if (end < chunk.length) this.#keep(chunk.subarray(end));
      return end === 0 ? undefined : chunk.subarray(0, end);
    }
    const before = this.pendingBytes;
    this.#keep(chunk);
    if (end === 0) return undefined;
    const start = this.#start;
    this.#start += before + end;
    return this.#buffer.subarray(start, this.#start);
  }

  /** Discards the bytes since the last delimiter. */
  discard(): void {
    if (this.#end * 4 > this.#buffer.length) this.#littleUsed = 0;
    this.#start = this.#end = 0;
    if (this.#buffer.length > MAX_KEPT_BYTES || this.#littleUsed++ > MAX_LITTLE_USED) {
      this.#buffer = NO_BYTES;
    }
  }

  #keep(bytes: Uint8Array): void {
    if (this.#end + bytes.length > this.#buffer.length) this.#makeRoom(bytes.length);
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** Moves what is kept to the beginning of the buffer, or of one that is twice as large. */
  #makeRoom(bytes: number): void {
    const kept = this.#buffer.subarray(this.#start, this.#end);
    const needed = kept.length + bytes;
    if (needed > this.#buffer.length) this.#buffer = new Uint8Array(needed * 2);
    this.#buffer.set(kept);
    this.#start = 0;
    this.#end = kept.length;
  }
}
