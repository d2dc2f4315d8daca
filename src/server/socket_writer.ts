const encoder = new TextEncoder();

/**
 * Writes to a socket, whole and in order. Whatever is pushed in one turn of the event loop is encoded
 * at once and leaves in one write, as each write wakes the server up.
 */
export class SocketWriter {
  readonly #socket: Deno.UnixConn;
  #unwritten: string[] = [];
  #writing = false;
  #pushed = 0;
  #begun = 0;

  /** Writes to a socket that someone else closes. */
  constructor(socket: Deno.UnixConn) {
    this.#socket = socket;
  }

  /** How many of the texts the socket has, or may have, in part or whole. */
  get begun(): number {
    return this.#begun;
  }

  /** Writes a text after all that were pushed before; gives how many were, with this one. */
  push(text: string): number {
    this.#unwritten.push(text);
    if (!this.#writing) {
      this.#writing = true;
      queueMicrotask(() => this.#writeAll());
    }
    return ++this.#pushed;
  }

  /** The one place that writes, so that what is left of two writes never mixes. */
  async #writeAll(): Promise<void> {
    try {
      while (this.#unwritten.length > 0) {
        const pushed = this.#pushed;
        const bytes = encoder.encode(this.#unwritten.join(""));
        this.#unwritten = [];
        for (let rest = bytes; rest.length > 0;) {
          const written = await this.#socket.write(rest);
          this.#begun = pushed;
          rest = rest.subarray(written);
        }
      }
      this.#writing = false;
    } catch {
      // The socket is closed, which its reader finds out too, after what is still to be read. This
      // writer never writes again.
    }
  }
}
