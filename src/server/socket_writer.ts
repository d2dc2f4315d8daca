import { concat } from "@std/bytes/concat";

/**
 * Writes to a socket, whole and in order: whatever is pushed in one turn of the event loop leaves in
 * one write, as each write wakes the server up.
 */
export class SocketWriter {
  readonly #socket: Deno.UnixConn;
  #unwritten: Uint8Array[] = [];
  #writing = false;
  #pushedBytes = 0;
  #writtenBytes = 0;

  constructor(socket: Deno.UnixConn) {
    this.#socket = socket;
  }

  /** Bytes that the socket has taken, of all that were pushed. */
  get writtenBytes(): number {
    return this.#writtenBytes;
  }

  /** Writes bytes after all that were pushed before; gives how many were pushed, with these. */
  push(bytes: Uint8Array): number {
    this.#unwritten.push(bytes);
    this.#pushedBytes += bytes.length;
    if (!this.#writing) {
      this.#writing = true;
      queueMicrotask(() => this.#writeAll());
    }
    return this.#pushedBytes;
  }

  /** The one place that writes, so that what is left of two writes never mixes. */
  async #writeAll(): Promise<void> {
    try {
      while (this.#unwritten.length > 0) {
        const bytes = this.#unwritten.length === 1 ? this.#unwritten[0]! : concat(this.#unwritten);
        this.#unwritten = [];
        for (let rest = bytes; rest.length > 0;) {
          const written = await this.#socket.write(rest);
          this.#writtenBytes += written;
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
