import type { EngineWorker } from "./engine_worker.ts";
import { writeAll } from "./log.ts";
import { ThreadChannel } from "./thread_memory.ts";
import type { InterruptedCommand } from "./worker_messages.ts";

const READ_BUFFER_BYTES = 1 << 16;

/**
 * A socket and the worker that runs its commands, seen from the main thread.
 *
 * The worker cannot read the socket itself: JavaScript that waits for the response to a message
 * blocks its thread, and Deno has no blocking read from a socket. So the main thread copies bytes
 * between the socket and ring buffers in shared memory. Records that arrive during a write leave
 * together in the next write. With 64 commands in flight this takes 1.4 µs a record; a
 * `postMessage()` and a write for each record took 10.5 µs.
 */
export class ServerThread {
  /**
   * Called when the worker fails. By default the server ends, because no command can be answered.
   */
  onWorkerError: (error: Error) => void = (error) => this.fail(error);
  readonly #listener: Deno.UnixListener;
  readonly #idleTimeout: number;
  readonly #ended = Promise.withResolvers<void>();
  #channel = new ThreadChannel();
  #worker: EngineWorker | undefined;
  #connection: Deno.UnixConn | undefined;
  #sent: Promise<void> | undefined;

  /** @param idleTimeout The idle time after which the engine is shut down, in milliseconds. */
  constructor(listener: Deno.UnixListener, idleTimeout: number) {
    this.#listener = listener;
    this.#idleTimeout = idleTimeout;
  }

  /** The memory that is shared with the present worker. */
  get channel(): ThreadChannel {
    return this.#channel;
  }

  /**
   * Assigns a worker to the socket. It replaces the present worker, if there is one.
   *
   * @param interrupted The command that the present worker was abandoned with.
   */
  assign(worker: EngineWorker, interrupted?: InterruptedCommand): void {
    // The abandoned worker still reads its status, so the new worker gets another one.
    const { status: _, ...rings } = this.#channel.memory;
    this.#channel = new ThreadChannel(rings);
    const { memory } = this.#channel;
    this.#worker = worker;
    worker.assign({ type: "assignment", memory, idleTimeout: this.#idleTimeout, interrupted });
    worker.ended.then(this.#ended.resolve, (error) => {
      // An abandoned worker may fail later, which concerns nobody.
      if (worker === this.#worker) this.onWorkerError(error);
    });
  }

  /** Ends {@linkcode ServerThread.serve} with an error. */
  fail(error: Error): void {
    this.#ended.reject(error);
  }

  /** Sends the output of which the worker has not notified this thread yet, because it is busy. */
  flush(): void {
    if (this.#connection !== undefined) void this.#sendOutput(this.#connection);
  }

  /** Begins no more commands. Resolves when all answers so far are sent. */
  async end(): Promise<void> {
    this.#channel.status.stop();
    if (this.#connection === undefined) return;
    // What is being sent may not be all.
    await this.#sent;
    await this.#sendOutput(this.#connection);
  }

  /** Serves the socket's only connection until the client closes it or sends `?quit`. */
  async serve(): Promise<void> {
    const connection = await Promise.race([this.#listener.accept(), this.#ended.promise]);
    if (connection === undefined) return;
    this.#connection = connection;
    void this.#forwardOutput(connection);
    await Promise.race([this.#ended.promise, this.#forwardInput(connection)]);
    await this.#sendOutput(connection);
  }

  /** Copies what the client sends into the ring, with back-pressure. */
  async #forwardInput(connection: Deno.UnixConn): Promise<void> {
    const { input } = this.#channel;
    const buffer = new Uint8Array(READ_BUFFER_BYTES);
    for (;;) {
      // A reset connection counts as closed.
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

  /** Resolves when all output so far is sent. */
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
      // The client has closed the connection without waiting for its records.
      this.#ended.resolve();
    }
  }
}
