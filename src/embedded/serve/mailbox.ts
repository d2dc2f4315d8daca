const HEADER_BYTES = Int32Array.BYTES_PER_ELEMENT;
const EMPTY = 0;

/** Bytes that fit into a mailbox at once. */
export const MAILBOX_BYTES = 65_536;

/**
 * Room for one chunk of bytes, in memory that two threads share. The one side puts chunks in and
 * goes on with its own work; the other blocks until there is one, because the JavaScript that it
 * runs must not go on before.
 */
export class Mailbox {
  /** The shared memory, with which the other thread makes its own end of the mailbox. */
  readonly memory: SharedArrayBuffer;
  readonly #length: Int32Array<SharedArrayBuffer>;
  readonly #bytes: Uint8Array<SharedArrayBuffer>;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(HEADER_BYTES + MAILBOX_BYTES)) {
    this.memory = memory;
    this.#length = new Int32Array(memory, 0, 1);
    this.#bytes = new Uint8Array(memory, HEADER_BYTES);
  }

  /** Puts in a chunk of 1 to {@linkcode MAILBOX_BYTES} bytes, once the last one has been taken. */
  async put(chunk: Uint8Array): Promise<void> {
    let length: number;
    while ((length = Atomics.load(this.#length, 0)) !== EMPTY) {
      await Atomics.waitAsync(this.#length, 0, length).value;
    }
    this.#bytes.set(chunk);
    Atomics.store(this.#length, 0, chunk.length);
    Atomics.notify(this.#length, 0);
  }

  /**
   * Blocks the thread until there is a chunk, and takes it out.
   *
   * @param timeout How long to wait, in milliseconds.
   * @returns The chunk, or undefined if none came in time.
   */
  take(timeout: number = Infinity): Uint8Array<ArrayBuffer> | undefined {
    if (Atomics.wait(this.#length, 0, EMPTY, timeout) === "timed-out") return undefined;
    const chunk = new Uint8Array(this.#bytes.subarray(0, Atomics.load(this.#length, 0)));
    Atomics.store(this.#length, 0, EMPTY);
    Atomics.notify(this.#length, 0);
    return chunk;
  }
}
