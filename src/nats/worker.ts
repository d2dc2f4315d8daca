import type { JSockDClient } from "../client/client.ts";
import { JSockDClientError, messageOf } from "../common/errors.ts";
import { TextMap } from "../common/text_map.ts";
import { publishIfOpen } from "./connection.ts";
import { Exports } from "./exports.ts";
import { HeldCommand, type HeldCommandContext } from "./held_command.ts";
import { Inbox } from "./inbox.ts";
import type { NatsConnection, NatsMessage, NatsSubscription } from "./library.ts";
import { Room } from "./room.ts";
import { Service } from "./service.ts";
import { errorHeaders, parseRequestLine, splitRequest, typeHeaders } from "./wire.ts";
import {
  type CheckedWorkerOptions,
  checkWorkerOptions,
  type NatsWorkerOptions,
} from "./worker_options.ts";

/** How many commands a thread has by default: so many may be on their way to and fro. */
const COMMANDS_PER_THREAD = 128;

const TICK_MS = 20;

/** Counts of a worker's commands. */
export interface NatsWorkerStats {
  /** Commands that the worker has taken, and whose callers do not have their results yet. */
  readonly inFlight: number;
  /** Commands that had a result. */
  readonly completed: number;
  /** Commands that had an exception or an error. */
  readonly failed: number;
  /** Commands that the worker had no room for. */
  readonly refused: number;
}

/**
 * A worker, which runs commands that come over NATS. {@linkcode serveNats} starts one. `drain()`, or
 * `await using`, ends it without losing a command. It closes neither its client nor its connection.
 *
 * @example Until a signal comes
 * ```ts
 * import type { NatsWorker } from "@x/jsockd/nats";
 *
 * async function untilSignal(worker: NatsWorker): Promise<void> {
 *   const signal = new Promise<void>((resolve) => Deno.addSignalListener("SIGTERM", resolve));
 *   await Promise.race([signal, worker.closed]);
 *   await worker.drain();
 * }
 * ```
 */
export class NatsWorker implements AsyncDisposable {
  /** The subject that it takes commands at. */
  readonly subject: string;
  /** Resolves when it takes no more commands and has none: after `drain()`, or when the connection ends. */
  readonly closed: Promise<void>;
  readonly #connection: NatsConnection;
  readonly #exports: Exports;
  readonly #room: Room;
  readonly #control: Inbox;
  readonly #service: Service;
  readonly #subscription: NatsSubscription;
  readonly #context: HeldCommandContext;
  readonly #lines = new TextMap(parseRequestLine);
  readonly #held = new Set<HeldCommand>();
  readonly #stopWatching: () => void;
  readonly #closed = Promise.withResolvers<void>();
  #emptied: (() => void) | undefined;
  #ticker: ReturnType<typeof setInterval> | undefined;
  /** Why NATS does not let the worker serve the subject. */
  #denial: Error | undefined;
  #draining = false;
  #completed = 0;
  #failed = 0;
  #refused = 0;
  #milliseconds = 0;
  #lastError = "";

  private constructor(client: JSockDClient, exports: Exports, options: CheckedWorkerOptions) {
    const { connection, subject, queue, maxParamBytes } = options;
    // Counting is slow, and so is not done for each command.
    let { threads } = client.stats();
    this.#connection = connection;
    this.#exports = exports;
    this.subject = subject;
    this.closed = this.#closed.promise;
    this.#room = new Room(() => threads, options.maxInFlight ?? threads * COMMANDS_PER_THREAD);
    const deny = (error: Error) => this.#denial = error;
    this.#control = new Inbox(connection, deny);
    this.#service = new Service(connection, {
      ...options,
      description: "Runs JavaScript on JSockD",
      metadata: () => ({
        "server-version": client.serverVersion,
        threads: String(threads),
        exports: exports.names.join(" ").slice(0, 10_000),
        ...options.moduleHash !== undefined && { "module-hash": options.moduleHash },
      }),
      figures: () => ({
        requests: this.#completed + this.#failed,
        errors: this.#failed,
        lastError: this.#lastError,
        milliseconds: this.#milliseconds,
        data: { worker: this.stats(), client: client.stats() },
      }),
    });
    const { pingSubject } = this.#service;
    this.#context = { connection, client, control: this.#control, pingSubject, maxParamBytes };
    this.#subscription = connection.subscribe(subject, {
      queue,
      callback: (error, msg) => {
        if (error === null) this.#take(msg);
        else deny(error);
      },
    });
    const refresh = () => {
      ({ threads } = client.stats());
      // A reload may bring another module.
      void exports.refresh().catch(() => {});
    };
    client.addEventListener("ready", refresh);
    this.#stopWatching = () => client.removeEventListener("ready", refresh);
    void connection.closed().then(() => this.#close());
  }

  /** Starts a worker. Only {@linkcode serveNats} calls it. */
  static async start(client: JSockDClient, options: NatsWorkerOptions): Promise<NatsWorker> {
    const checked = checkWorkerOptions(options);
    const exports = await Exports.of(client, checked.namedOnly);
    const worker = new NatsWorker(client, exports, checked);
    // By then NATS has said so if it does not allow this. If the connection is interrupted, the worker
    // waits for it as it does later.
    await checked.connection.flush().catch(() => {});
    if (worker.#denial === undefined) return worker;
    worker.#close();
    throw new JSockDClientError(
      "CONFIG",
      `Cannot serve '${checked.subject}': NATS does not let this user subscribe to it, or to the ` +
        `subjects of answers; change its permissions (${worker.#denial.message})`,
      { cause: worker.#denial },
    );
  }

  /** Identifies the worker among those of its name, as in `nats service ls`. */
  get id(): string {
    return this.#service.id;
  }

  /** The exports of the module that callers can call. */
  get exports(): string[] {
    return this.#exports.names;
  }

  /** Returns counts of its commands. */
  stats(): NatsWorkerStats {
    return {
      inFlight: this.#held.size,
      completed: this.#completed,
      failed: this.#failed,
      refused: this.#refused,
    };
  }

  /**
   * Takes no more commands, and completes those that it has. May be called more than once.
   *
   * @returns Resolves when their callers have the results.
   */
  async drain(): Promise<void> {
    if (!this.#draining) {
      this.#draining = true;
      // What has come already is still taken.
      await this.#subscription.drain().catch(() => {});
      if (this.#held.size > 0) await new Promise<void>((resolve) => this.#emptied = resolve);
      await this.#connection.flush().catch(() => {});
      this.#close();
    }
    await this.closed;
  }

  /** The same as {@linkcode NatsWorker.drain}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.drain();
  }

  #close(): void {
    clearInterval(this.#ticker);
    this.#stopWatching();
    for (const command of this.#held) command.cancel("the connection to NATS has ended");
    if (!this.#connection.isClosed()) {
      this.#control.close();
      this.#service.close();
    }
    this.#emptied?.();
    this.#closed.resolve();
  }

  /** Takes a request, or refuses it. */
  #take(msg: NatsMessage): void {
    // Nobody waits for a reply to what was only published.
    if (!msg.reply) return;
    const now = performance.now();
    if (!this.#room.take(now)) {
      this.#refused++;
      return publishIfOpen(this.#connection, msg.reply, "", { headers: typeHeaders("full") });
    }
    void this.#run(msg, msg.reply, now);
  }

  async #run({ data }: NatsMessage, replyTo: string, startedAt: number): Promise<void> {
    let command: HeldCommand | undefined;
    let hasLeft = false;
    const leave = () => {
      if (hasLeft) return;
      hasLeft = true;
      const now = performance.now();
      this.#milliseconds += now - startedAt;
      this.#room.leave(now - startedAt, now);
    };
    try {
      const { line: text, rest } = splitRequest(data);
      const line = this.#lines.get(text);
      const query = this.#exports.queryFor(line);
      command = new HeldCommand(this.#context, replyTo, line, startedAt);
      this.#hold(command);
      const result = await command.run(query, rest);
      leave();
      await command.sendResult(result);
      this.#completed++;
    } catch (error) {
      this.#failed++;
      this.#lastError = messageOf(error).slice(0, 500);
      if (command !== undefined) command.sendError(error);
      else sendError(this.#connection, replyTo, error);
    } finally {
      leave();
      if (command !== undefined) this.#release(command);
    }
  }

  #hold(command: HeldCommand): void {
    this.#held.add(command);
    this.#ticker ??= setInterval(() => this.#tick(), TICK_MS);
  }

  #release(command: HeldCommand): void {
    command.close();
    this.#held.delete(command);
    if (this.#held.size === 0) this.#emptied?.();
  }

  /** Lets the commands look at the clock. A timer that starts and stops with each would cost more. */
  #tick(): void {
    if (this.#held.size === 0) {
      clearInterval(this.#ticker);
      this.#ticker = undefined;
      return;
    }
    const now = performance.now();
    for (const command of this.#held) command.tick(now);
  }
}

/** Sends why a request cannot become a command. */
function sendError(connection: NatsConnection, replyTo: string, error: unknown): void {
  const known = error instanceof JSockDClientError
    ? error
    : new JSockDClientError("INVALID_COMMAND", messageOf(error));
  publishIfOpen(connection, replyTo, known.message, { headers: errorHeaders(known) });
}

/**
 * Runs commands that come over NATS on a client. Any number of workers, on any number of machines, can
 * serve one subject: NATS gives each command to one of them. A worker that is full leaves commands to
 * the others.
 *
 * By default callers can only call functions that the client's module exports, by name, with a
 * parameter. Whoever may publish to the subject can do that, so give NATS the permissions of accounts.
 *
 * @param client The client to run them on. It stays open when the worker ends.
 * @param options The connection, the subject, and what callers may do.
 * @returns The worker, when it takes commands.
 * @throws {JSockDClientError} `CONFIG` if an option is not valid, the module exports no functions, or
 * NATS does not let the connection's user subscribe to the subject.
 *
 * @example A worker
 * ```ts
 * import type { JSockDClient } from "@x/jsockd";
 * import { connectToNats, type NatsWorker, serveNats } from "@x/jsockd/nats";
 *
 * async function startWorker(client: JSockDClient): Promise<NatsWorker> {
 *   const connection = await connectToNats({ servers: "nats://127.0.0.1:4222" });
 *   return await serveNats(client, { connection, subject: "pages.v1" });
 * }
 * ```
 */
export async function serveNats(
  client: JSockDClient,
  options: NatsWorkerOptions,
): Promise<NatsWorker> {
  return await NatsWorker.start(client, options);
}
