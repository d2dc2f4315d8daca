import { dirname } from "@std/path/posix/dirname";
import { type JSockDConfig, MODULE_KEY_VARIABLE, type ServerCommand } from "../config/config.ts";
import {
  ENDED_IN_ORDER,
  isEmbedded,
  MEMORY_FLAG,
  splitServerCommand,
} from "../config/server_command.ts";
import { JSockDClientError, messageOf } from "../common/errors.ts";
import { isFulfilledWithin, withTimeLimit } from "../common/time_limit.ts";
import type { Ready } from "../protocol/ready.ts";
import { addFiles, isSandboxed } from "../sandbox/inside.ts";
import { processFilter } from "../sandbox/process_filter.ts";
import { Connection } from "./connection.ts";
import type { Counters } from "./counters.ts";
import type { Emit } from "./events.ts";
import type { LogSink } from "./logging.ts";
import { DEFAULT_LIMIT_BYTES, MemoryWatch } from "./memory_watch.ts";
import { describeStatus, ServerProcess } from "./process.ts";
import { RuntimeWatch, SERVER_LIMIT_US } from "./runtime_watch.ts";
import type { SocketLease } from "./socket_folder.ts";

/**
 * How long to read on once the process or a connection has ended. Records that the server sent
 * before it died must be read, or its commands would count as unanswered. But if child processes of
 * the server hold the sockets open, the end never comes.
 */
const DRAIN_MS = 500;

/** How to start an instance. */
export interface InstanceOptions {
  readonly config: JSockDConfig;
  readonly jsockdExec: ServerCommand;
  /** Leases the paths of the sockets. */
  readonly leaseSockets: () => SocketLease;
  readonly log: LogSink;
  readonly counters: Counters;
  readonly emit: Emit;
  /** Aborts the start. */
  readonly signal: AbortSignal;
}

/** How an instance ended. */
export interface InstanceEnd {
  readonly status: Deno.CommandStatus;
  /** The status in words, and why if the client killed the process. */
  readonly description: string;
  /** Whether commands may have begun before the answers to those before them were sent. */
  readonly ranAhead: boolean;
}

/** One run of the server: its process and its connections, which start and end together. */
export class ServerInstance {
  /** The connections, one for each thread. */
  readonly connections: readonly Connection[];
  /** The server's version. */
  readonly version: string;
  /** Resolves when the process has exited and all connections are closed. */
  readonly ended: Promise<InstanceEnd>;
  /** Resolves, with the reason, when the client is about to kill the process. */
  readonly condemned: Promise<string>;
  readonly #process: ServerProcess;
  readonly #isEmbedded: boolean;
  readonly #timeoutMs: number;
  readonly #runtimeWatch: RuntimeWatch;
  readonly #memoryWatch: MemoryWatch | undefined;
  readonly #condemned = Promise.withResolvers<string>();
  #stopping = false;
  /** Why the client killed the process; empty if it did not. */
  #killReason = "";

  private constructor(
    process: ServerProcess,
    connections: readonly Connection[],
    ready: Ready,
    options: InstanceOptions,
  ) {
    const { config } = options;
    this.#process = process;
    this.#isEmbedded = isEmbedded(options.jsockdExec);
    this.version = ready.version;
    this.connections = connections;
    this.#timeoutMs = toMilliseconds(config.timeoutUs);
    this.#memoryWatch = this.#watchMemory(options);
    this.#runtimeWatch = new RuntimeWatch(
      connections,
      config.maxCommandRuntimeUs,
      this,
      (now) => this.#memoryWatch?.tick(now),
    );
    this.condemned = this.#condemned.promise;
    this.ended = this.#watch();
  }

  /**
   * Starts a server and connects to each of its threads.
   *
   * @throws {JSockDClientError} `SPAWN`, `PROTOCOL`, `VERSION_MISMATCH` or `START_TIMEOUT`. Process
   * and connections are gone by then.
   */
  static async start(options: InstanceOptions): Promise<ServerInstance> {
    const { config, signal } = options;
    using sockets = options.leaseSockets();
    const command = commandLine(options, sockets.paths);
    const input = isSandboxed(options.jsockdExec) ? processFilter(Deno.build.arch) : undefined;
    const process = new ServerProcess(command, environment(config), options.log, input);
    const opening: Promise<Connection>[] = [];
    const limitMs = isEmbedded(options.jsockdExec)
      ? Infinity
      : (config.maxCommandRuntimeUs || SERVER_LIMIT_US) / 1000;
    const connect = async (): Promise<Connection[]> => {
      const ready = await process.ready;
      checkReady(ready, config);
      const paths = sockets.paths.slice(0, ready.threads);
      opening.push(
        ...paths.map((path, thread) =>
          Connection.open(path, { thread, limitMs }, options.counters)
        ),
      );
      return await Promise.all(opening);
    };
    try {
      const connections = await withTimeLimit(connect(), {
        milliseconds: toMilliseconds(config.timeoutUs),
        timeoutError: () => startTimeout(config, process),
        signal,
      });
      return new ServerInstance(process, connections, await process.ready, options);
    } catch (error) {
      process.kill("SIGKILL");
      const status = await process.exited;
      for (const opened of await Promise.allSettled(opening)) {
        if (opened.status === "fulfilled") opened.value.close();
      }
      throw signal.aborted || error instanceof JSockDClientError
        ? error
        : cannotConnect(error, status, process);
    }
  }

  /** The ID of the process. */
  get pid(): number {
    return this.#process.pid;
  }

  /** Whether the server has ever answered a command. */
  get proven(): boolean {
    return this.connections.some((connection) => connection.proven);
  }

  /**
   * Announces that the client is about to kill the process, so that another server can be started
   * before that. Commands that are in flight may still be answered.
   *
   * @param reason Why, as a clause with a subject of its own.
   */
  condemn(reason: string): void {
    this.#condemned.resolve(reason);
  }

  /**
   * Kills the process now. Commands in flight that may have begun reject with the reason, unless
   * they have settled.
   *
   * @param reason Why, as a clause with a subject of its own.
   */
  kill(reason: string): void {
    this.condemn(reason);
    this.#killReason ||= `, sent because ${reason}`;
    this.#process.kill("SIGKILL");
  }

  /** Ends the process with SIGTERM, or with SIGKILL if it is still running after the timeout. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const connection of this.connections) connection.close();
    this.#process.kill("SIGTERM");
    if (!await isFulfilledWithin(this.#process.exited, this.#timeoutMs)) {
      this.#process.kill("SIGKILL");
    }
    await this.#process.exited;
  }

  /** An embedded server watches its memory itself, and more closely. */
  #watchMemory({ config, jsockdExec, emit, log }: InstanceOptions): MemoryWatch | undefined {
    if (isEmbedded(jsockdExec)) return undefined;
    const { pid } = this;
    const limitBytes = config.maxMemoryBytes || DEFAULT_LIMIT_BYTES;
    return new MemoryWatch({
      pid,
      limitBytes,
      server: this,
      onHigh: (residentBytes) => emit("memory", { pid, residentBytes, limitBytes }),
      warn: (message) => log({ timestamp: Temporal.Now.instant(), level: "WARN", message }),
    });
  }

  /**
   * Waits for the process or any connection to end, then ends the rest: the parts are useless
   * alone.
   */
  async #watch(): Promise<InstanceEnd> {
    const closed = this.connections.map((connection) => connection.closed);
    await Promise.race([this.#process.exited, ...closed]);
    this.#runtimeWatch.stop();
    await isFulfilledWithin(Promise.all([this.#process.exited, ...closed]), DRAIN_MS);
    for (const connection of this.connections) connection.close();
    if (!this.#stopping) this.#process.kill("SIGKILL");
    const status = await this.#process.exited;
    await this.#memoryWatch?.settled;
    // A server that ends by itself with an error has said why.
    const lastError = status.success ? "" : this.#process.lastError;
    const description = describeStatus(status) + lastError + this.#killReason;
    return { status, description, ranAhead: this.#isEmbedded && !endedInOrder(status) };
  }
}

/** Whether an embedded server has sent all answers. It gives them to another thread, which sends them. */
function endedInOrder({ code, signal }: Deno.CommandStatus): boolean {
  return signal === null && (code === 0 || code === ENDED_IN_ORDER);
}

function commandLine(
  { config, jsockdExec }: InstanceOptions,
  socketPaths: readonly string[],
): [string, ...string[]] {
  const flags: string[] = [];
  if (config.maxMemoryBytes > 0 && isEmbedded(jsockdExec)) {
    flags.push(MEMORY_FLAG, String(config.maxMemoryBytes));
  }
  const files: [flag: string, path: string][] = [];
  if (config.bytecodeModuleFile !== undefined) files.push(["-m", config.bytecodeModuleFile]);
  if (config.sourceMap !== undefined) files.push(["-sm", config.sourceMap]);
  flags.push("-b", "00", ...files.flat());
  if (config.maxCommandRuntimeUs > 0) flags.push("-t", String(config.maxCommandRuntimeUs));
  if (config.maxIdleTimeUs > 0) flags.push("-i", String(config.maxIdleTimeUs));
  const command = addFiles(
    splitServerCommand(jsockdExec),
    dirname(socketPaths[0]!),
    files.map(([, path]) => path),
  );
  return [...command, ...flags, "-s", "--", ...socketPaths];
}

function environment(config: JSockDConfig): Record<string, string> {
  const { bytecodeModulePublicKey: key, logPrefix } = config;
  return {
    ...config.env,
    ...(key === undefined ? {} : { [MODULE_KEY_VARIABLE]: key }),
    ...(logPrefix === "" ? {} : { JSOCKD_LOG_PREFIX: logPrefix }),
  };
}

function checkReady(ready: Ready, config: JSockDConfig): void {
  if (ready.threads > config.nThreads) {
    throw new JSockDClientError(
      "PROTOCOL",
      `Cannot use the server: it has ${ready.threads} threads ready, but only ${config.nThreads} ` +
        "sockets; check that the command starts a JSockD server",
    );
  }
  if (ready.version !== config.jsockdVersion && !config.skipJSockDVersionCheck) {
    throw new JSockDClientError(
      "VERSION_MISMATCH",
      `Cannot use the server: it is of version ${ready.version}, expected ${config.jsockdVersion}; ` +
        "set jsockdVersion to the server's version, or skipJSockDVersionCheck to true",
    );
  }
}

function startTimeout(config: JSockDConfig, process: ServerProcess): JSockDClientError {
  return new JSockDClientError(
    "START_TIMEOUT",
    `Cannot start the server: it was not ready within ${config.timeoutUs} µs; raise timeoutUs if it ` +
      `takes longer; ${process.lastOutput}`,
  );
}

function cannotConnect(
  error: unknown,
  status: Deno.CommandStatus,
  process: ServerProcess,
): JSockDClientError {
  const message = `${messageOf(error)}; ${process.lastOutput}`;
  return new JSockDClientError("SPAWN", message, { cause: status });
}

function toMilliseconds(microseconds: number): number {
  return Math.ceil(microseconds / 1000);
}
