import { concat } from "@std/bytes/concat";

/**
 * Cuts a stream of bytes after the last delimiter in each chunk. The rest of the chunk is kept
 * until a later chunk completes it. No byte is copied more than twice, however many chunks a piece
 * spans: once into the rest, once when the pieces are joined.
 */
export class Runs {
  readonly #delimiter: number;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;

  constructor(delimiter: number) {
    this.#delimiter = delimiter;
  }

  /** The number of bytes since the last delimiter. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /**
   * Adds a chunk. Returns everything up to and including its last delimiter, or undefined if it has
   * none. The result may be a view of the chunk: use it before the chunk's buffer is reused.
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

  /** Discards the bytes since the last delimiter. */
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
