import { concat } from "@std/bytes/concat";

/**
 * Cuts a stream of bytes after the last delimiter of each chunk, so that what is left over waits for
 * the next chunk. One copy a byte at most, however many chunks a piece is spread over.
 */
export class Runs {
  readonly #delimiter: number;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;

  constructor(delimiter: number) {
    this.#delimiter = delimiter;
  }

  /** Bytes since the last delimiter. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /**
   * Takes a chunk, and gives all that is complete, up to and with its last delimiter. What is given
   * may be a view of the chunk: use it before the chunk's buffer is used again.
   */
  push(chunk: Uint8Array): Uint8Array | undefined {
    const end = chunk.lastIndexOf(this.#delimiter) + 1;
    if (end === chunk.length && this.#pendingBytes === 0) return end === 0 ? undefined : chunk;
    const complete = chunk.subarray(0, end);
    const rest = chunk.slice(end);
    if (end === 0) {
      this.#keep(rest);
      return undefined;
    }
    const run = this.#pendingBytes === 0 ? complete : concat([...this.#pending, complete]);
    this.discard();
    this.#keep(rest);
    return run;
  }

  /** Forgets what has come since the last delimiter. */
  discard(): void {
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  #keep(rest: Uint8Array): void {
    if (rest.length === 0) return;
    this.#pending.push(rest);
    this.#pendingBytes += rest.length;
  }
}
