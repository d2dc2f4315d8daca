type Bytes = Uint8Array<ArrayBuffer>;

/**
 * A readable stream and its writer's side. Unlike in a stream's own queue, chunks that came before
 * an error are read before it.
 */
export class ChunkQueue {
  /** The reader's side. */
  readonly readable: ReadableStream<Bytes>;
  readonly #highWaterMark: number;
  readonly #chunks: Bytes[] = [];
  /** The number of bytes in the queue. */
  #bytes = 0;
  /** Whether the reader waits for a chunk. */
  #starved = false;
  #end: { readonly error?: unknown } | undefined;
  /** Resolves at the next change of any of these. */
  #change = Promise.withResolvers<void>();

  /**
   * @param highWaterMark How many bytes are kept for a reader that is slow.
   * @param onCancel Called with the reader's reason if it cancels the stream.
   */
  constructor(highWaterMark: number, onCancel: (reason: unknown) => void) {
    this.#highWaterMark = highWaterMark;
    const source: UnderlyingDefaultSource<Bytes> = {
      pull: (controller) => this.#pull(controller),
      cancel: onCancel,
    };
    this.readable = new ReadableStream(source, { highWaterMark: 0 });
  }

  /** Adds a chunk. */
  push(chunk: Bytes): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    this.#starved = false;
    this.#notify();
  }

  /** Ends the stream after the chunks so far, with an error if there is one. */
  end(end: { readonly error?: unknown }): void {
    this.#end = end;
    this.#notify();
  }

  /** Resolves when there is room in the queue, or when the reader waits for a chunk. */
  async wanted(): Promise<void> {
    while (this.#bytes >= this.#highWaterMark && !this.#starved) await this.#change.promise;
  }

  async #pull(controller: ReadableStreamDefaultController<Bytes>): Promise<void> {
    this.#starved = this.#chunks.length === 0;
    this.#notify();
    while (this.#chunks.length === 0 && this.#end === undefined) await this.#change.promise;
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      this.#bytes -= chunk.length;
      controller.enqueue(chunk);
      this.#notify();
    } else if ("error" in this.#end!) {
      controller.error(this.#end.error);
    } else {
      controller.close();
    }
  }

  #notify(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }
}
