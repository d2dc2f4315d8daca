import type { Counters } from "./counters.ts";

const encoder = new TextEncoder();

/**
 * Writes to a socket, whole and in order. Whatever is pushed in one turn of the event loop is encoded
 * at once and leaves in one write, as each write wakes the server up.
 */
export class SocketWriter {
  readonly #socket: Deno.UnixConn;
  readonly #counters: Counters;
  #unwritten: string[] = [];
  /** What is being written, and how many bytes of it the socket has taken. */
  #batch: string[] = [];
  #batchBytes = 0;
  #writing = false;
  #pushed = 0;
  #written = 0;

  /** Writes to a socket that someone else closes. */
  constructor(socket: Deno.UnixConn, counters: Counters) {
    this.#socket = socket;
    this.#counters = counters;
  }

  /** How many of the texts the socket has taken whole. */
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

  /** Writes a text after all that were pushed before; gives how many were, with this one. */
  push(text: string): number {
    this.#unwritten.push(text);
    if (!this.#writing) {
      this.#writing = true;
      void this.#writeAll();
    }
    return ++this.#pushed;
  }

  /** The one place that writes, so that what is left of two writes never mixes. */
  async #writeAll(): Promise<void> {
    // Lets the rest of this turn push, too; queueMicrotask() takes several times as long.
    await undefined;
    try {
      while (this.#unwritten.length > 0) {
        this.#batch = this.#unwritten;
        this.#unwritten = [];
        const bytes = encoder.encode(this.#batch.join(""));
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
      // The socket is closed, which its reader finds out too, after what is still to be read. This
      // writer never writes again.
    }
  }
}
