import {
  type JSockDConfig,
  resolveConfig,
  type ServerCommand,
  splitServerCommand,
} from "./config.ts";
import { Deadlines } from "./deadlines.ts";
import { JSockDClientError } from "./errors.ts";
import { checkParamJson, fromServerJson, toJson, toParamJson } from "./json.ts";
import { logToStderr, toLogSink } from "./logging.ts";
import { requirePermissions } from "./permissions.ts";
import { toQueryText } from "./query.ts";
import {
  type MessageHandler,
  type RawRunOptions,
  type RunOptions,
  toRunOptions,
} from "./run_options.ts";
import { Command, type RawMessageHandler } from "./server/command.ts";
import { QueryHistory } from "./server/query_history.ts";
import { checkSocketPaths } from "./server/socket_folder.ts";
import { Supervisor } from "./server/supervisor.ts";

/** What a client has done and is doing. */
export interface ClientStats {
  /** Threads of the server that the client is connected to. */
  readonly threads: number;
  /** Commands that a thread is working on. */
  readonly inFlight: number;
  /** Commands that wait for a thread. */
  readonly queued: number;
  /** Commands that were sent behind others in flight on the same thread, to save it from waiting. */
  readonly pipelined: number;
  /** Commands that had a result. */
  readonly completed: number;
  /** Commands that had none: an exception, an error, a signal that aborted. */
  readonly failed: number;
  /** Servers started in place of one that ended. */
  readonly restarts: number;
}

/** A client whose server has a module with the exports `M`. */
export interface ModuleClient<M> {
  /** As {@linkcode JSockDClient.run}. */
  run<R = unknown>(
    query: string,
    param?: unknown,
    options?: MessageHandler | RunOptions,
  ): Promise<R>;
  /** As {@linkcode JSockDClient.run}, the module's exports typed. */
  run<P, R>(
    query: (module: M, param: P) => R,
    param: P,
    options?: MessageHandler | RunOptions,
  ): Promise<Awaited<R>>;
}

let createClient: (supervisor: Supervisor, config: JSockDConfig) => JSockDClient;

/**
 * A running JSockD server, and the way to have it run JavaScript. {@linkcode initJSockDClient} makes
 * one; `close()`, or `await using`, ends it and its server.
 *
 * @example Use
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { initEmbeddedJSockDClient } from "@x/jsockd/embedded";
 *
 * await using client = await initEmbeddedJSockDClient({ nThreads: 1 });
 * assertEquals(await client.run((_, name: string) => `Hello ${name}`, "World"), "Hello World");
 * ```
 */
export class JSockDClient implements AsyncDisposable {
  readonly #supervisor: Supervisor;
  readonly #timeoutUs: number;
  readonly #deadlines = new Deadlines();
  readonly #history = new QueryHistory();
  #submitted = 0;
  #completed = 0;
  #failed = 0;

  static {
    createClient = (supervisor, config) => new JSockDClient(supervisor, config);
  }

  private constructor(supervisor: Supervisor, config: JSockDConfig) {
    this.#supervisor = supervisor;
    this.#timeoutUs = config.timeoutUs;
  }

  /** The server's version, such as `0.0.139`. */
  get serverVersion(): string {
    return this.#supervisor.serverVersion;
  }

  /** The process number of the present server. */
  get pid(): number {
    return this.#supervisor.pid;
  }

  /**
   * Runs JavaScript on the server.
   *
   * The query is text that evaluates to a function, or a function, of which the source is sent:
   * nothing that it closes over goes along. It is called with the exports of the configured module,
   * or undefined, and the parameter. Both the parameter and the result travel as JSON; undefined is
   * sent as null. The server keeps compiled queries by their text, so vary the parameter, not the
   * text.
   *
   * @param query The function, or text that evaluates to it.
   * @param param Its second argument: any value that JSON can hold.
   * @param options How to run it, or just what answers its messages.
   * @returns What the function returns, or what the promise that it returns resolves to.
   * @throws {JSockDJSException} if the JavaScript throws, does not compile, runs too long, or returns
   * what is not JSON.
   * @throws {JSockDClientError} `INVALID_COMMAND` if the query or the parameter cannot be sent,
   * `TIMEOUT` if there is no answer in time, `MESSAGE_HANDLER` if a message cannot be answered,
   * `SERVER_EXITED` if the server ended meanwhile, `PROTOCOL` if its answer makes no sense, `CLOSED`
   * if the client is or was closed.
   *
   * @example Text, a function, and messages
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { initEmbeddedJSockDClient } from "@x/jsockd/embedded";
   *
   * await using client = await initEmbeddedJSockDClient({ nThreads: 1 });
   * assertEquals(await client.run<number>("(_, n) => n + 1", 41), 42);
   * assertEquals(await client.run((_, n: number) => n + 1, 41), 42);
   * assertEquals(
   *   await client.run("() => JSockD.sendMessage('how many?') * 2", null, () => 21),
   *   42,
   * );
   * ```
   */
  run<R = unknown>(
    query: string,
    param?: unknown,
    options?: MessageHandler | RunOptions,
  ): Promise<R>;
  /** Runs a function on the server, as described above. */
  run<M, P, R>(
    query: (module: M, param: P) => R,
    param: P,
    options?: MessageHandler | RunOptions,
  ): Promise<Awaited<R>>;
  async run(
    query: string | ((module: never, param: never) => unknown),
    param?: unknown,
    options?: MessageHandler | RunOptions,
  ): Promise<unknown> {
    const { messageHandler, ...rest } = toRunOptions(options);
    const resultJson = await this.#execute(
      toQueryText(query),
      toParamJson(param),
      messageHandler && (async (json) => toJson(await messageHandler(fromServerJson(json)))),
      rest,
    );
    return fromServerJson(resultJson);
  }

  /**
   * Runs JavaScript on the server as {@linkcode JSockDClient.run} does, with JSON text for parameter,
   * result, messages and their answers: for whoever has or needs text.
   *
   * @param query Text that evaluates to the function.
   * @param jsonParam JSON text.
   * @param options How to run it, or just what answers its messages.
   * @returns The result as the server sent it.
   * @throws As {@linkcode JSockDClient.run}.
   *
   * @example JSON text through and through
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { initEmbeddedJSockDClient } from "@x/jsockd/embedded";
   *
   * await using client = await initEmbeddedJSockDClient({ nThreads: 1 });
   * assertEquals(await client.runRaw("(_, p) => p.list", '{ "list": [1, 2] }'), "[1,2]");
   * ```
   */
  async runRaw(
    query: string,
    jsonParam: string,
    options?: RawMessageHandler | RawRunOptions,
  ): Promise<string> {
    checkParamJson(jsonParam);
    const { messageHandler, ...rest } = toRunOptions(options);
    return await this.#execute(toQueryText(query), jsonParam, messageHandler, rest);
  }

  /**
   * The same client, with the exports of its module typed.
   *
   * @example Use
   * ```ts
   * import type { JSockDClient } from "@x/jsockd";
   *
   * interface Templates {
   *   greet(name: string): string;
   * }
   *
   * function greet(client: JSockDClient, name: string): Promise<string> {
   *   return client.withModule<Templates>().run((module, name) => module.greet(name), name);
   * }
   * ```
   */
  withModule<M>(): ModuleClient<M> {
    return this;
  }

  /** Counts what the client has done and is doing. */
  stats(): ClientStats {
    return {
      threads: this.#supervisor.threads,
      inFlight: this.#supervisor.inFlight,
      queued: this.#supervisor.queued,
      pipelined: this.#supervisor.pipelined,
      completed: this.#completed,
      failed: this.#failed,
      restarts: this.#supervisor.restarts,
    };
  }

  /**
   * Ends the client and its server; what is pending rejects as `CLOSED`. May be called again, from
   * anywhere. When it resolves, no process, socket, folder or timer is left.
   */
  async close(): Promise<void> {
    this.#deadlines.close();
    await this.#supervisor.close();
  }

  /** The same as {@linkcode JSockDClient.close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #execute(
    query: string,
    paramJson: string,
    messageHandler: RawMessageHandler | undefined,
    { signal, timeoutUs = this.#timeoutUs }: Omit<RunOptions, "messageHandler">,
  ): Promise<string> {
    signal?.throwIfAborted();
    const id = (this.#submitted++).toString(36);
    const history = this.#history.of(query);
    const command = new Command({ id, query, history, paramJson, messageHandler });
    command.onSettled(() => command.state === "fulfilled" ? this.#completed++ : this.#failed++);
    this.#supervisor.submit(command);
    // A client that is closed rejects at once, and then there is nothing to wait for.
    if (command.state === "pending") this.#limitWait(command, timeoutUs, signal);
    return command.result;
  }

  #limitWait(command: Command, timeoutUs: number, signal: AbortSignal | undefined): void {
    command.onSettled(
      this.#deadlines.set(timeoutUs / 1000, () => command.reject(timedOut(timeoutUs))),
    );
    if (signal === undefined) return;
    const abort = () => command.reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    command.onSettled(() => signal.removeEventListener("abort", abort));
  }
}

/**
 * Starts a JSockD server and connects to it.
 *
 * @param config What differs from {@linkcode defaultConfig}.
 * @param jsockdExec The server's executable, or it and the arguments that come before the client's.
 * @returns The client, which must be closed.
 * @throws {JSockDClientError} `CONFIG` if the configuration cannot be used, `PLATFORM` on Windows,
 * `PERMISSION` if Deno was not given what this needs, `SPAWN` if the server cannot be started or ends
 * before it is ready, `START_TIMEOUT` if it is not ready in time, `VERSION_MISMATCH` if it is of
 * another version, `PROTOCOL` if it is no JSockD server.
 *
 * @example An own jsockd
 * ```ts no-eval
 * import { initJSockDClient } from "@x/jsockd";
 *
 * await using client = await initJSockDClient({ nThreads: 2 }, "/usr/local/bin/jsockd");
 * console.log(await client.run((_, n: number) => n + 1, 41));
 * ```
 */
export async function initJSockDClient(
  config: Partial<JSockDConfig>,
  jsockdExec: ServerCommand,
): Promise<JSockDClient> {
  if (Deno.build.os === "windows") {
    throw new JSockDClientError(
      "PLATFORM",
      "Cannot run JSockD on Windows: run this program in the Windows Subsystem for Linux (WSL)",
    );
  }
  const resolved = resolveConfig(config);
  splitServerCommand(jsockdExec);
  if (resolved.socketDir !== undefined) checkSocketPaths(resolved.socketDir, resolved.nThreads);
  await requirePermissions(resolved, jsockdExec);
  const log = toLogSink(resolved.logger ?? logToStderr);
  return createClient(await Supervisor.start(resolved, jsockdExec, log), resolved);
}

function timedOut(timeoutUs: number): JSockDClientError {
  return new JSockDClientError(
    "TIMEOUT",
    `Cannot wait longer for the command: it had no answer within ${timeoutUs} µs`,
  );
}
