import type { Counters } from "./counters.ts";

const encoder = new TextEncoder();

/** How many bytes of UTF-8 a UTF-16 code unit can take. */
const MAX_BYTES_PER_UNIT = 3;

/** The size of the buffer for texts. It is enough for a full pipeline of small commands. */
const BUFFER_BYTES = 1 << 14;

/**
 * Writes texts to a socket, whole and in the order in which they were pushed or queued. Texts that
 * are pushed in one turn of the event loop, or during a write, are encoded together and leave in one
 * write, because each write wakes the server up.
 *
 * The queue of unwritten texts has no limit of its own: back-pressure comes from the limits on the
 * commands in flight. What a slow server has not read waits here. The writer never closes the
 * socket.
 */
export class SocketWriter {
  readonly #socket: Deno.UnixConn;
  readonly #counters: Counters;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #unwritten: string[] = [];
  /** The texts that are being written. */
  #batch: string[] = [];
  /** How many bytes of the batch the socket has taken. */
  #batchBytes = 0;
  #writing = false;
  #pushed = 0;
  /** How many texts were in the batches before the present one. */
  #written = 0;

  /** Creates a writer for a socket, which its connection closes. */
  constructor(socket: Deno.UnixConn, counters: Counters) {
    this.#socket = socket;
    this.#counters = counters;
  }

  /**
   * How many texts the socket has taken whole. A connection reads this only when its server has
   * died, to tell what the server cannot have read, so it may be slow.
   */
  get written(): number {
    let written = this.#written;
    let rest = this.#batchBytes;
    for (const text of this.#batch) {
      rest -= encoder.encode(text).length;
      if (rest < 0) break;
      written++;
    }
    return written;
  }

  /** How many texts are queued. */
  get queued(): number {
    return this.#unwritten.length;
  }

  /** Writes a text, after those that are queued. */
  push(text: string): void {
    this.queue(text);
    this.flush();
  }

  /**
   * Queues a text until {@linkcode flush} is called. Returns its position: how many texts were pushed
   * or queued so far, including this one.
   */
  queue(text: string): number {
    this.#unwritten.push(text);
    return ++this.#pushed;
  }

  /** Writes the texts that are queued. */
  flush(): void {
    if (this.#writing) return;
    this.#writing = true;
    void this.#writeAll();
  }

  /**
   * Returns the bytes of a text, in a buffer that the next call uses again. Only for a text that may
   * not fit in there does it create one.
   */
  #encode(text: string): Uint8Array {
    if (text.length * MAX_BYTES_PER_UNIT > BUFFER_BYTES) return encoder.encode(text);
    const { written } = encoder.encodeInto(text, this.#buffer);
    return this.#buffer.subarray(0, written);
  }

  /** Runs at most once at a time, so that the parts of two texts never mix on the socket. */
  async #writeAll(): Promise<void> {
    // Texts that are pushed in the same turn still get into the first batch. queueMicrotask() would
    // take several times as long.
    await undefined;
    try {
      while (this.#unwritten.length > 0) {
        this.#batch = this.#unwritten;
        this.#unwritten = [];
        const bytes = this.#encode(this.#batch.join(""));
        while (this.#batchBytes < bytes.length) {
          this.#batchBytes += await this.#socket.write(bytes.subarray(this.#batchBytes));
        }
        this.#counters.bytesSent += bytes.length;
        this.#written += this.#batch.length;
        this.#batch = [];
        this.#batchBytes = 0;
      }
      this.#writing = false;
    } catch {
      // The socket is closed. The connection's read loop notices, too, once it has read what the
      // server still sent. `#writing` stays true, so that nothing is ever written again.
    }
  }
}
