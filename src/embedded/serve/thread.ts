import { Mailbox, MAILBOX_BYTES } from "./mailbox.ts";
import type { WorkerReport, WorkerSetup } from "./worker_messages.ts";
import type { Log } from "../engines/engine.ts";

/** One socket and the worker that runs its commands, as the main thread sees them. */
export class ServerThread {
  /** Resolved when commands can be run; rejected if they never will be. */
  readonly ready: Promise<void>;
  readonly #listener: Deno.UnixListener;
  readonly #mailbox = new Mailbox();
  readonly #worker: Worker;
  readonly #log: Log;
  readonly #started = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<void>();
  #connection: Deno.UnixConn | undefined;
  /** Settled when everything that the worker has sent so far is with the client. */
  #written = Promise.resolve();

  /** Starts the worker. */
  constructor(listener: Deno.UnixListener, setup: Omit<WorkerSetup, "mailbox">, log: Log) {
    this.#listener = listener;
    this.#log = log;
    this.ready = Promise.race([this.#started.promise, this.#ended.promise]);
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), {
      type: "module",
      deno: { permissions: "none" },
    });
    this.#worker.onmessage = ({ data }: MessageEvent<WorkerReport>) => this.#take(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#ended.reject(new Error(event.message));
    };
    this.#worker.postMessage({ ...setup, mailbox: this.#mailbox.memory } satisfies WorkerSetup);
  }

  /** Serves the socket's one connection, until the client closes it or wants the server to end. */
  async serve(): Promise<void> {
    await Promise.race([this.#ended.promise, this.#pump()]);
    await this.#written;
  }

  /** Hands on what the client sends. */
  async #pump(): Promise<void> {
    const connection = await this.#listener.accept();
    this.#connection = connection;
    const buffer = new Uint8Array(MAILBOX_BYTES);
    for (;;) {
      // A connection that is reset is closed, too.
      const length = await connection.read(buffer).catch(() => null);
      if (length === null) return;
      await this.#mailbox.put(buffer.subarray(0, length));
      // A client that does not read its answers cannot fill the memory with more of them.
      await this.#written;
    }
  }

  #take(report: WorkerReport): void {
    switch (report.type) {
      case "ready":
        return this.#started.resolve();
      case "failed":
        return this.#ended.reject(new Error(report.message));
      case "log":
        return this.#log(report.level, report.message, report.origin);
      case "quit":
        return this.#ended.resolve();
      case "record":
        this.#written = this.#written.then(() => this.#write(report.bytes));
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      for (let written = 0; written < bytes.length;) {
        written += await this.#connection!.write(bytes.subarray(written));
      }
    } catch {
      // The client has closed the connection, without waiting for its answer.
      this.#ended.resolve();
    }
  }
}
