import { type JSockDConfig, resolveConfig } from "../config/config.ts";
import { JSockDClientError } from "../common/errors.ts";
import type { Emit, ServerReady, ServerState } from "./events.ts";
import type { ClientHealth } from "./health.ts";
import { logToStderr, toLogSink } from "./logging.ts";
import type { Command } from "./command.ts";
import { newCounters } from "./counters.ts";
import { openSocketFolder, type SocketFolder } from "./socket_folder.ts";
import { checkSocketPaths, type SocketSet } from "./socket_paths.ts";
import { type ServerLocator, Supervisor } from "./supervisor.ts";

/** Rejects if Deno lacks permissions for the sockets of a replacement server. */
export type RequireSockets = (config: JSockDConfig, socketSet: SocketSet) => Promise<void>;

/** How to start a client's server. */
export interface ReloadableServerOptions {
  readonly config: JSockDConfig;
  readonly locateServer: ServerLocator;
  readonly requireSockets: RequireSockets;
  /** Whether the server can run isolated commands. */
  readonly canIsolate: boolean;
}

/**
 * A client's server, which a reload replaces by one with another configuration while commands run.
 * Both run for a while, and there are never more than two.
 */
export class ReloadableServer {
  /** Counts over all servers. */
  readonly counters = newCounters();
  /** Called with each event of a server. */
  onEvent: Emit = () => {};
  readonly #locateServer: ServerLocator;
  readonly #requireSockets: RequireSockets;
  readonly #canIsolate: boolean;
  readonly #folder: SocketFolder;
  readonly #closing = new AbortController();
  #config: JSockDConfig;
  #socketSet: SocketSet = 0;
  #current!: Supervisor;
  #retiring: Supervisor | undefined;
  #retired: Promise<void> | undefined;
  /** Resolves when all reloads so far have succeeded or failed. */
  #reloaded: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | undefined;

  private constructor(
    { config, locateServer, requireSockets, canIsolate }: ReloadableServerOptions,
    folder: SocketFolder,
  ) {
    this.#config = config;
    this.#locateServer = locateServer;
    this.#requireSockets = requireSockets;
    this.#canIsolate = canIsolate;
    this.#folder = folder;
  }

  /**
   * Starts a server.
   *
   * @param signal Aborts the start.
   * @throws {JSockDClientError} As {@linkcode Supervisor.start}, or `CONFIG` if the folder for the
   * sockets cannot be used. Nothing that was started or created is left then.
   */
  static async start(
    options: ReloadableServerOptions,
    signal: AbortSignal,
  ): Promise<ReloadableServer> {
    const { config } = options;
    signal.throwIfAborted();
    await using cleanUp = new AsyncDisposableStack();
    const folder = cleanUp.use(await openSocketFolder(config.socketDir));
    const server = new ReloadableServer(options, folder);
    if (config.isolated) server.requireIsolation();
    server.#current = await server.#startSupervisor(config, server.#socketSet, signal);
    cleanUp.move();
    return server;
  }

  /** The configuration of the present server. */
  get config(): JSockDConfig {
    return this.#config;
  }

  /** The present server. */
  get ready(): ServerReady {
    return this.#current.ready;
  }

  /** Whether there is a server. */
  get serverState(): ServerState {
    return this.#current.serverState;
  }

  /** Returns whether the present server answers. */
  health(milliseconds: number): Promise<ClientHealth> {
    return this.#current.health(milliseconds);
  }

  /** The number of queued commands. */
  get queued(): number {
    return this.#current.queued;
  }

  /** The number of commands in flight, on the present server and on one that is being replaced. */
  get inFlight(): number {
    return this.#current.inFlight + (this.#retiring?.inFlight ?? 0);
  }

  /**
   * Throws if the server cannot run isolated commands.
   *
   * @throws {JSockDClientError} `CONFIG`.
   */
  requireIsolation(): void {
    if (this.#canIsolate) return;
    throw new JSockDClientError(
      "CONFIG",
      "Cannot run isolated commands on jsockd, where all commands of a thread share their globals: " +
        "use an embedded server, or leave 'isolated' out",
    );
  }

  /** Sends a command to the present server, or queues it. */
  submit(command: Command): void {
    this.#current.submit(command);
  }

  /**
   * Starts a server with some changes to the configuration. It replaces the present one, which ends
   * once its commands in flight have settled. Overlapping reloads run one after the other.
   *
   * @throws {JSockDClientError} As {@linkcode ReloadableServer.start}, or `CLOSED`. The present
   * server stays in use then.
   */
  reload(changes: Partial<JSockDConfig>): Promise<void> {
    const reloaded = this.#reloaded.then(() => this.#reload(changes));
    this.#reloaded = Promise.allSettled([reloaded]);
    return reloaded;
  }

  /** Ends the server, or both servers, and releases everything that was opened for them. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #reload(changes: Partial<JSockDConfig>): Promise<void> {
    const { signal } = this.#closing;
    await this.#retired;
    signal.throwIfAborted();
    const config = resolveConfig({ ...this.#config, ...changes });
    if (config.isolated) this.requireIsolation();
    if (config.socketDir !== this.#config.socketDir) {
      throw new JSockDClientError(
        "CONFIG",
        `Cannot change socketDir from ${Deno.inspect(this.#config.socketDir)} to ${
          Deno.inspect(config.socketDir)
        } with a reload: start another client`,
      );
    }
    const socketSet = this.#socketSet === 0 ? 1 : 0;
    if (config.socketDir !== undefined) {
      checkSocketPaths(config.socketDir, config.nThreads, socketSet);
    }
    await this.#requireSockets(config, socketSet);
    const next = await this.#startSupervisor(config, socketSet, signal);
    if (signal.aborted) {
      await next.close();
      throw signal.reason;
    }
    const previous = this.#current;
    this.#current = next;
    this.#config = config;
    this.#socketSet = socketSet;
    this.#retired = this.#retire(previous);
    this.onEvent("ready", next.ready);
  }

  async #retire(supervisor: Supervisor): Promise<void> {
    this.#retiring = supervisor;
    await supervisor.retire((command) => this.#current.submit(command));
    this.#retiring = undefined;
  }

  async #startSupervisor(
    config: JSockDConfig,
    socketSet: SocketSet,
    signal: AbortSignal,
  ): Promise<Supervisor> {
    return await Supervisor.start({
      config,
      locateServer: this.#locateServer,
      leaseSockets: () => this.#folder.lease(config.nThreads, socketSet),
      log: toLogSink(config.logger ?? logToStderr),
      counters: this.counters,
      emit: (type, detail) => this.onEvent(type, detail),
    }, signal);
  }

  async #close(): Promise<void> {
    this.#closing.abort(
      new JSockDClientError("CLOSED", "Cannot reload the server: the client is closed"),
    );
    await Promise.all([this.#current.close(), this.#retiring?.close()]);
    await this.#reloaded;
    await this.#retired;
    await this.#folder[Symbol.asyncDispose]();
  }
}
