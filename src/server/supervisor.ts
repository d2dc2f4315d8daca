import { delay } from "@std/async/delay";
import type { JSockDConfig, ServerCommand } from "../config.ts";
import { JSockDClientError } from "../errors.ts";
import type { Command } from "./command.ts";
import { Dispatcher } from "./dispatcher.ts";
import { ServerInstance } from "./instance.ts";
import type { LogSink } from "./process.ts";
import { RestartBudget } from "./restart_budget.ts";
import { SocketFolder } from "./socket_folder.ts";

/** Keeps a server running for a client, from start to close, and has it run the client's commands. */
export class Supervisor {
  readonly #config: JSockDConfig;
  readonly #jsockdExec: ServerCommand;
  readonly #log: LogSink;
  readonly #folder: SocketFolder;
  readonly #dispatcher: Dispatcher;
  readonly #budget: RestartBudget;
  readonly #closing = new AbortController();
  #instance!: ServerInstance;
  #supervision!: Promise<void>;
  #closed: Promise<void> | undefined;
  #restarts = 0;
  /** Why no command can be run any more. */
  #ended: JSockDClientError | undefined;

  private constructor(
    config: JSockDConfig,
    jsockdExec: ServerCommand,
    log: LogSink,
    folder: SocketFolder,
  ) {
    this.#config = config;
    this.#jsockdExec = jsockdExec;
    this.#log = log;
    this.#folder = folder;
    this.#dispatcher = new Dispatcher(config.maxPipelineDepth);
    this.#budget = new RestartBudget(config.maxRestartsPerMinute);
  }

  /**
   * Starts a server.
   *
   * @throws {JSockDClientError} as {@linkcode ServerInstance.start}, or `CONFIG` if there is no folder
   * for the sockets; nothing is left then.
   */
  static async start(
    config: JSockDConfig,
    jsockdExec: ServerCommand,
    log: LogSink,
  ): Promise<Supervisor> {
    const folder = await SocketFolder.open(config.socketDir, config.nThreads);
    const supervisor = new Supervisor(config, jsockdExec, log, folder);
    try {
      await supervisor.#startFirst();
    } catch (error) {
      await folder[Symbol.asyncDispose]();
      throw error;
    }
    supervisor.#supervision = supervisor.#supervise();
    return supervisor;
  }

  /** The server's version. */
  get serverVersion(): string {
    return this.#instance.version;
  }

  /** The number of the server's present process, or of its last one. */
  get pid(): number {
    return this.#instance.pid;
  }

  /** Threads that are connected. */
  get threads(): number {
    return this.#instance.connections.length;
  }

  /** Commands that wait for a thread. */
  get queued(): number {
    return this.#dispatcher.queued;
  }

  /** Commands that a thread is working on. */
  get inFlight(): number {
    return this.#dispatcher.inFlight;
  }

  /** Commands that were sent behind others in flight. */
  get pipelined(): number {
    return this.#dispatcher.pipelined;
  }

  /** Servers started in place of one that ended. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Has the server run a command, now or once it can. */
  submit(command: Command): void {
    if (this.#ended === undefined) this.#dispatcher.submit(command);
    else command.reject(this.#ended);
  }

  /** Ends the server and everything that was opened for it. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#end(new JSockDClientError("CLOSED", "Cannot run the command: the client is closed"));
    this.#closing.abort();
    await this.#instance.stop();
    await this.#supervision;
    await this.#folder[Symbol.asyncDispose]();
  }

  #end(reason: JSockDClientError): void {
    this.#ended = reason;
    this.#dispatcher.rejectAll(reason);
  }

  /** A server that is killed while it starts is replaced like any; one that gives up would again. */
  async #startFirst(): Promise<void> {
    try {
      this.#instance = await this.#start();
    } catch (error) {
      if (!wasKilled(error) || !await this.#restart(error.message)) throw error;
    }
  }

  async #supervise(): Promise<void> {
    do {
      this.#dispatcher.connect(this.#instance.connections);
      const end = await this.#instance.ended;
      this.#dispatcher.disconnect(
        new JSockDClientError(
          "SERVER_EXITED",
          `Cannot tell whether the command was run: the server ended with ${end}`,
        ),
      );
      if (!await this.#restart(`the server ended with ${end}`)) break;
    } while (!this.#closing.signal.aborted);
    await this.#instance.stop();
  }

  /** Puts a new server in the place of one that ended; whether it could. */
  async #restart(reason: string): Promise<boolean> {
    while (!this.#closing.signal.aborted) {
      if (!this.#budget.take()) {
        this.#end(
          new JSockDClientError(
            "SERVER_EXITED",
            `Cannot run the command: ${reason}, after ${this.#budget.spent} restarts within a ` +
              `minute; maxRestartsPerMinute is ${this.#config.maxRestartsPerMinute}`,
          ),
        );
        return false;
      }
      this.#logWarning(`Restarting: ${reason}`);
      try {
        await delay(this.#budget.pauseMs, { signal: this.#closing.signal });
        this.#instance = await this.#start();
        this.#restarts++;
        return true;
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error);
      }
    }
    return false;
  }

  #start(): Promise<ServerInstance> {
    return ServerInstance.start({
      config: this.#config,
      jsockdExec: this.#jsockdExec,
      socketPaths: this.#folder.paths,
      log: this.#log,
      signal: this.#closing.signal,
    });
  }

  #logWarning(message: string): void {
    this.#log({ timestamp: Temporal.Now.instant(), level: "WARN", message });
  }
}

function wasKilled(error: unknown): error is JSockDClientError {
  return error instanceof JSockDClientError && (error.cause as Deno.CommandStatus)?.signal != null;
}
