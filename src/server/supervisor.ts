import { delay } from "@std/async/delay";
import type { JSockDConfig, ServerCommand } from "../config/config.ts";
import { JSockDClientError, messageOf } from "../common/errors.ts";
import type { Emit, ServerReady } from "./events.ts";
import type { Command } from "./command.ts";
import type { Counters } from "./counters.ts";
import { Dispatcher } from "./dispatcher.ts";
import { ServerInstance } from "./instance.ts";
import type { LogSink } from "./logging.ts";
import { RestartBudget } from "./restart_budget.ts";
import type { SocketLease } from "./socket_folder.ts";

/**
 * Resolves to the command that starts the server. Called before each start, so that a downloaded
 * server is verified each time.
 */
export type ServerLocator = (signal: AbortSignal) => Promise<ServerCommand>;

/** How to create a supervisor. */
export interface SupervisorOptions {
  readonly config: JSockDConfig;
  readonly locateServer: ServerLocator;
  readonly leaseSockets: () => SocketLease;
  readonly log: LogSink;
  readonly counters: Counters;
  readonly emit: Emit;
}

/**
 * Keeps a server running from start to close, and restarts it when it ends. Forwards commands to
 * its dispatcher, which outlives the server: queued commands wait for the next one.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #dispatcher: Dispatcher;
  readonly #budget: RestartBudget;
  /** Aborted when no further server must be started. */
  readonly #closing = new AbortController();
  #instance!: ServerInstance;
  #supervision!: Promise<void>;
  #closed: Promise<void> | undefined;
  /** The reason to reject all commands, once the supervisor is closed or out of restarts. */
  #ended: JSockDClientError | undefined;

  private constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#dispatcher = new Dispatcher(options.config.maxPipelineDepth, options.counters);
    this.#budget = new RestartBudget(options.config.maxRestartsPerMinute);
  }

  /**
   * Starts a server.
   *
   * @param signal Aborts the start.
   * @throws {JSockDClientError} As {@linkcode ServerInstance.start}, or what the locator throws.
   * Nothing that was started is left then.
   */
  static async start(options: SupervisorOptions, signal: AbortSignal): Promise<Supervisor> {
    const supervisor = new Supervisor(options);
    const abort = () => supervisor.#closing.abort(signal.reason);
    signal.addEventListener("abort", abort);
    try {
      await supervisor.#startFirst();
    } finally {
      signal.removeEventListener("abort", abort);
    }
    supervisor.#supervision = supervisor.#supervise();
    return supervisor;
  }

  /** The present server, or the last one if there is none. */
  get ready(): ServerReady {
    const { pid, version, connections } = this.#instance;
    return { pid, version, threads: connections.length };
  }

  /** The number of queued commands. */
  get queued(): number {
    return this.#dispatcher.queued;
  }

  /** The number of commands in flight. */
  get inFlight(): number {
    return this.#dispatcher.inFlight;
  }

  /** Sends a command to the server, or queues it; rejects it if there will be no server. */
  submit(command: Command): void {
    if (this.#ended === undefined) this.#dispatcher.submit(command);
    else command.reject(this.#ended);
  }

  /**
   * Ends the server once its commands in flight have settled. Queued commands, and those that must
   * be sent again, go to `successor`.
   */
  async retire(successor: (command: Command) => void): Promise<void> {
    this.#closing.abort();
    await this.#dispatcher.retire(successor);
    await this.close();
  }

  /** Rejects all commands and ends the server. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#end(new JSockDClientError("CLOSED", "Cannot run the command: the client is closed"));
    this.#closing.abort();
    await this.#instance.stop();
    await this.#supervision;
  }

  #end(reason: JSockDClientError): void {
    this.#ended = reason;
    this.#dispatcher.rejectAll(reason);
  }

  /** Restarts a first server that a signal killed. One that exited by itself would do so again. */
  async #startFirst(): Promise<void> {
    try {
      this.#instance = await this.#start();
    } catch (error) {
      if (!wasKilled(error) || !await this.#restart(error.message)) throw error;
    }
  }

  async #supervise(): Promise<void> {
    do {
      const { connections, pid, ended } = this.#instance;
      this.#dispatcher.connect(connections);
      const { status: { code, signal }, description } = await ended;
      const reason = `the server ended with ${description}`;
      this.#dispatcher.disconnect(
        new JSockDClientError(
          "SERVER_EXITED",
          `Cannot tell whether the command was run: ${reason}; run it again only if it may run twice`,
        ),
      );
      this.#options.emit("exit", { pid, code, signal, reason });
      if (!await this.#restart(reason)) break;
    } while (!this.#closing.signal.aborted);
    await this.#instance.stop();
  }

  /** Starts a server to replace one that ended. Returns whether it could. */
  async #restart(reason: string): Promise<boolean> {
    while (!this.#closing.signal.aborted) {
      if (!this.#budget.take()) {
        this.#end(
          new JSockDClientError(
            "SERVER_EXITED",
            `Cannot run the command: ${reason}, after ${this.#budget.spent} restarts within a ` +
              `minute; maxRestartsPerMinute is ${this.#options.config.maxRestartsPerMinute}, raise it ` +
              "or call reload()",
          ),
        );
        return false;
      }
      this.#logWarning(`Restarting: ${reason}`);
      this.#options.emit("restart", { reason });
      try {
        await delay(this.#budget.pauseMs, { signal: this.#closing.signal });
        this.#instance = await this.#start();
        this.#options.counters.restarts++;
        this.#options.emit("ready", this.ready);
        return true;
      } catch (error) {
        reason = messageOf(error);
      }
    }
    return false;
  }

  async #start(): Promise<ServerInstance> {
    const { signal } = this.#closing;
    const jsockdExec = await this.#options.locateServer(signal);
    return await ServerInstance.start({ ...this.#options, jsockdExec, signal });
  }

  #logWarning(message: string): void {
    this.#options.log({ timestamp: Temporal.Now.instant(), level: "WARN", message });
  }
}

function wasKilled(error: unknown): error is JSockDClientError {
  return error instanceof JSockDClientError && (error.cause as Deno.CommandStatus)?.signal != null;
}
