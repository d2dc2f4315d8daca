import { resolve } from "@std/path/posix/resolve";

/** Not written in the call, where it is an error if the types of browsers, without `deno`, apply. */
const optionsFor = (write: string[]) => ({
  type: "module",
  deno: {
    permissions: { write, read: false, net: false, env: false, run: false, sys: false, ffi: false },
  },
} as const);

/**
 * Removes the sockets of a server when it ends. It is a worker that may do nothing else, so that the
 * main thread needs no permission to write: Deno cannot narrow that down to some paths.
 */
export class SocketRemover {
  /** Resolves when the worker listens. */
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  #next = Promise.withResolvers<void>();

  /** Starts the worker. Needs the permission to write to these paths. */
  constructor(paths: readonly string[]) {
    const program = new URL("./socket_remover_worker.ts", import.meta.url);
    this.#worker = new Worker(program, optionsFor(paths.map((path) => resolve(path))));
    this.#worker.onmessage = () => this.#next.resolve();
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#next.reject(new Error(event.message));
    };
    this.ready = this.#next.promise;
  }

  /** Removes sockets, if they exist, and ends the worker. */
  async remove(paths: readonly string[]): Promise<void> {
    await this.ready;
    this.#next = Promise.withResolvers();
    this.#worker.postMessage(paths.map((path) => resolve(path)));
    await this.#next.promise;
    this.#worker.terminate();
  }
}
