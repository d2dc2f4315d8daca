import type { EngineWorker } from "./engine_worker.ts";
import { writeAll } from "./log.ts";
import { ThreadChannel } from "./thread_memory.ts";
import type { InterruptedCommand } from "./worker_messages.ts";

const READ_BUFFER_BYTES = 1 << 16;

/**
 * One socket and the worker that runs its commands, as the main thread sees them.
 *
 * Bytes go through rings in shared memory, both ways. What comes while a write is under way leaves
 * together in the next one. Measured against a message and a write for each record, 64 commands in
 * flight: 1.4 µs a record instead of 10.5. The worker cannot have the socket itself: JavaScript that
 * waits for the answer to a message blocks its thread, and Deno has no blocking read from a socket.
 */
export class ServerThread {
  /** Called when the worker fails, after which nothing answers any more. By default that is the end. */
  onWorkerError: (error: Error) => void = (error) => this.fail(error);
  readonly #listener: Deno.UnixListener;
  readonly #idleTimeout: number;
  readonly #ended = Promise.withResolvers<void>();
  #channel = new ThreadChannel();
  #connection: Deno.UnixConn | undefined;
  #sent: Promise<void> | undefined;

  /** @param idleTimeout The idle time after which the engine is shut down, in milliseconds. */
  constructor(listener: Deno.UnixListener, idleTimeout: number) {
    this.#listener = listener;
    this.#idleTimeout = idleTimeout;
  }

  /** What the thread shares with the worker that it has now. */
  get channel(): ThreadChannel {
    return this.#channel;
  }

  /** Has a worker run the commands, in place of one that is condemned, if there is one. */
  assign(worker: EngineWorker, interrupted?: InterruptedCommand): void {
    // Of the one before, only the bytes are taken over: it may still look at its own status.
    const { status: _, ...rings } = this.#channel.memory;
    this.#channel = new ThreadChannel(rings);
    const { memory } = this.#channel;
    worker.assign({ type: "assignment", memory, idleTimeout: this.#idleTimeout, interrupted });
    worker.ended.then(this.#ended.resolve, (error) => this.onWorkerError(error));
  }

  /** Ends {@linkcode ServerThread.serve} with an error. */
  fail(error: Error): void {
    this.#ended.reject(error);
  }

  /** Sends what the worker has not told of yet, because it is busy. */
  flush(): void {
    if (this.#connection !== undefined) void this.#sendOutput(this.#connection);
  }

  /** Serves the socket's one connection, until the client closes it or wants the server to end. */
  async serve(): Promise<void> {
    const connection = await Promise.race([this.#listener.accept(), this.#ended.promise]);
    if (connection === undefined) return;
    this.#connection = connection;
    void this.#forwardOutput(connection);
    await Promise.race([this.#ended.promise, this.#forwardInput(connection)]);
    await this.#sendOutput(connection);
  }

  /** Hands on what the client sends, no faster than it is read. */
  async #forwardInput(connection: Deno.UnixConn): Promise<void> {
    const { input } = this.#channel;
    const buffer = new Uint8Array(READ_BUFFER_BYTES);
    for (;;) {
      // A connection that is reset is closed, too.
      const length = await connection.read(buffer).catch(() => null);
      if (length === null) return;
      for (let taken = 0; taken < length;) {
        taken += input.write(buffer.subarray(taken, length));
        input.notifyReader();
        if (taken < length) await input.waitForSpaceAsync();
      }
    }
  }

  async #forwardOutput(connection: Deno.UnixConn): Promise<void> {
    for (;;) {
      await this.#channel.output.waitForBytesAsync();
      await this.#sendOutput(connection);
    }
  }

  /** Resolves when everything that the worker has for the client is sent. */
  #sendOutput(connection: Deno.UnixConn): Promise<void> {
    this.#sent ??= this.#drainOutput(connection).finally(() => this.#sent = undefined);
    return this.#sent;
  }

  async #drainOutput(connection: Deno.UnixConn): Promise<void> {
    const { output } = this.#channel;
    try {
      for (let from; (from = output.releasePosition) !== output.writePosition;) {
        const bytes = output.copy(from, output.writePosition);
        output.release((from + bytes.length) | 0);
        await writeAll(connection, bytes);
      }
    } catch {
      // The client has closed the connection, without waiting for its answer.
      this.#ended.resolve();
    }
  }
}
