import {
  type AnyQuery,
  type CommandClient,
  prepareCommand,
  runAllValues,
  runText,
  runValue,
} from "../client/command_methods.ts";
import type { LatencySummary } from "../client/latencies.ts";
import type { ModuleClient } from "../client/module_client.ts";
import { JSockDClientError } from "../common/errors.ts";
import {
  checkClientOptions,
  type CheckedClientOptions,
  type NatsClientOptions,
} from "./client_options.ts";
import { connectToNats } from "./connection.ts";
import type { NatsConnection } from "./library.ts";
import { NatsRunner } from "./nats_runner.ts";

/** Counts of a client's commands. */
export interface NatsClientStats {
  /** Commands that were sent and have no result yet. */
  readonly inFlight: number;
  /** Commands that wait for a worker with room, or for a connection. */
  readonly queued: number;
  /** Commands that had a result. */
  readonly completed: number;
  /** Commands that rejected: with an exception, an error, or the reason of a signal. */
  readonly failed: number;
  /** How often an idempotent command was sent again, because it was lost. */
  readonly resent: number;
  /** How often a worker had no room for a command. */
  readonly refused: number;
  /** The latencies of the latest commands, from call to result. */
  readonly latency: LatencySummary;
}

/** A worker was lost while it had commands: the detail of a `lost` event. */
export interface WorkerLoss {
  /** The subject at which it answered pings. Its last part is its ID. */
  readonly worker: string;
  /** How many commands of this client it had. */
  readonly commands: number;
  /** Why it counts as lost. */
  readonly reason: string;
}

/**
 * A client whose commands run on workers that are reached over NATS. {@linkcode connectNatsJSockD}
 * creates one. It runs commands like `JSockDClient`: see `CommandClient`.
 *
 * It dispatches the events `disconnect` and `reconnect` for its connection to NATS, and `lost`, a
 * `CustomEvent` with a {@linkcode WorkerLoss}, for a worker.
 *
 * @example Use
 * ```ts
 * import { connectNatsJSockD } from "@x/jsockd/nats";
 *
 * interface Pages {
 *   page(props: { title: string }): string;
 * }
 *
 * async function renderOnce(): Promise<string> {
 *   await using client = await connectNatsJSockD({
 *     servers: "nats://127.0.0.1:4222",
 *     subject: "pages.v1",
 *   });
 *   return await client.withModule<Pages>().run((pages, props) => pages.page(props), {
 *     title: "Hello",
 *   });
 * }
 * ```
 */
export class NatsJSockDClient extends EventTarget implements CommandClient {
  /** As `JSockDClient.run`. Over NATS, a worker may refuse all but `(module, param) => module.name(param)`. */
  readonly run: CommandClient["run"];
  /** As `JSockDClient.runRaw`. */
  readonly runRaw: CommandClient["runRaw"];
  /** As `JSockDClient.runAll`. */
  readonly runAll: CommandClient["runAll"];
  /** As `JSockDClient.command`. */
  readonly command: CommandClient["command"];
  readonly #connection: NatsConnection;
  readonly #ownsConnection: boolean;
  readonly #runner: NatsRunner;
  #closing: Promise<void> | undefined;

  private constructor(connection: NatsConnection, options: CheckedClientOptions) {
    super();
    this.#connection = connection;
    this.#ownsConnection = options.connection === undefined;
    const runner = new NatsRunner(connection, options);
    this.#runner = runner;
    this.run =
      ((query: AnyQuery, ...rest: [unknown, never]) =>
        runValue(runner, query, ...rest)) as CommandClient["run"];
    this.runRaw = (query, jsonParam, runOptions) => runText(runner, query, jsonParam, runOptions);
    this.runAll =
      ((query: AnyQuery, ...rest: [Iterable<unknown>, never]) =>
        runAllValues(runner, query, ...rest)) as CommandClient["runAll"];
    this.command = ((query: AnyQuery) => prepareCommand(runner, query)) as CommandClient["command"];
    runner.onLost = (worker, commands, reason) => {
      const detail: WorkerLoss = { worker, commands, reason };
      this.dispatchEvent(new CustomEvent("lost", { detail }));
    };
    void this.#follow();
  }

  /** Creates a client. Only {@linkcode connectNatsJSockD} calls it. */
  static async connect(options: NatsClientOptions): Promise<NatsJSockDClient> {
    const checked = checkClientOptions(options);
    const { servers, nats } = checked;
    const connection = checked.connection ??
      await connectToNats({ ...nats, ...servers !== undefined && { servers } });
    const client = new NatsJSockDClient(connection, checked);
    if (checked.connection !== undefined) return client;
    // By then NATS has said so if it does not allow the subscription to replies. If the connection is
    // interrupted, the client waits for it as it does later.
    await connection.flush().catch(() => {});
    const { end } = client.#runner;
    if (end === undefined) return client;
    await client.close();
    throw end;
  }

  /** As `JSockDClient.withModule`. */
  withModule<M>(): Pick<ModuleClient<M>, "run" | "command" | "runAll"> {
    return this;
  }

  /** Returns counts of the client's commands. */
  stats(): NatsClientStats {
    return { ...this.#runner.counts, latency: this.#runner.latency };
  }

  /**
   * Ends the client. Pending commands reject with `CLOSED`, and are cancelled at their workers. A
   * connection that was given stays open. May be called more than once.
   */
  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  /** The same as {@linkcode NatsJSockDClient.close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    this.#runner.close(
      new JSockDClientError("CLOSED", "Cannot run commands: the client is closed"),
    );
    if (this.#ownsConnection) await this.#connection.close();
    else await this.#connection.flush().catch(() => {});
  }

  /** Follows the state of the connection until it ends. */
  async #follow(): Promise<void> {
    void this.#connection.closed().then((error) =>
      this.#runner.close(
        new JSockDClientError(
          "CLOSED",
          `Cannot run commands: the connection to NATS has ended${
            error instanceof Error ? `: ${error.message}` : ""
          }`,
        ),
      )
    );
    for await (const { type, error } of this.#connection.status()) {
      if (this.#closing !== undefined) return;
      if (error?.operation === "publish") this.#runner.deny(error, error.subject);
      if (type === "disconnect") this.#runner.suspend();
      if (type === "reconnect") this.#runner.resume();
      if (type === "disconnect" || type === "reconnect") this.dispatchEvent(new Event(type));
    }
  }
}

/**
 * Connects to workers over NATS, which run commands like a server of one's own.
 *
 * A command runs at most once, unless it is `idempotent`: then it is sent to another worker when its
 * worker is lost, or none says within a second that it has it. If no worker serves the subject, it
 * rejects at once.
 *
 * @param options The NATS servers or a connection, and the subject of the workers.
 * @returns The client, which must be closed.
 * @throws {JSockDClientError} `CONFIG` if an option is not valid, or there is no connection to NATS.
 *
 * @example Use
 * ```ts
 * import { connectNatsJSockD } from "@x/jsockd/nats";
 *
 * async function add(): Promise<number> {
 *   await using client = await connectNatsJSockD({ subject: "sums", timeoutUs: 5_000_000 });
 *   return await client.run("(module, numbers) => module.add(numbers)", [1, 2]);
 * }
 * ```
 */
export async function connectNatsJSockD(options: NatsClientOptions): Promise<NatsJSockDClient> {
  return await NatsJSockDClient.connect(options);
}
