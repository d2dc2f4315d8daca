import {
  type JSockDConfig,
  resolveConfig,
  type ServerCommand,
  splitServerCommand,
} from "./config.ts";
import { JSockDClientError } from "./errors.ts";
import { checkParamJson, fromServerJson, toParamJson } from "./json.ts";
import { logToStderr, toLogSink } from "./logging.ts";
import { mapConcurrently } from "./map_concurrently.ts";
import { requirePermissions } from "./permissions.ts";
import { checkQuery } from "./protocol/commands.ts";
import { toQueryText } from "./query.ts";
import {
  type MessageHandler,
  overJsonText,
  overValues,
  type RawRunOptions,
  type RunOptions,
  toRunOptions,
} from "./run_options.ts";
import { Runner } from "./runner.ts";
import type { RawMessageHandler } from "./server/command.ts";
import { checkSocketPaths } from "./server/socket_folder.ts";
import { Supervisor } from "./server/supervisor.ts";
import type { ClientStats } from "./stats.ts";

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

/** A command that needs only its parameter: {@linkcode JSockDClient.command} makes it. */
export type PreparedCommand<P, R> = (
  param: P,
  options?: MessageHandler | RunOptions,
) => Promise<R>;

type AnyQuery = string | ((module: never, param: never) => unknown);

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
  readonly #runner: Runner;
  readonly #maxInFlight: number;

  static {
    createClient = (supervisor, config) => new JSockDClient(supervisor, config);
  }

  private constructor(supervisor: Supervisor, config: JSockDConfig) {
    this.#supervisor = supervisor;
    this.#runner = new Runner(supervisor, config.timeoutUs);
    this.#maxInFlight = config.nThreads * config.maxPipelineDepth;
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
  run(
    query: AnyQuery,
    param?: unknown,
    options?: MessageHandler | RunOptions,
  ): Promise<unknown> {
    return this.#runValue(query, param, options);
  }

  /**
   * Prepares a command that is run many times: a query that cannot be sent throws here, at once.
   *
   * @param query The function, or text that evaluates to it, as for {@linkcode JSockDClient.run}.
   * @returns A function of the parameter and the options of {@linkcode JSockDClient.run}.
   * @throws {JSockDClientError} `INVALID_COMMAND` if the query cannot be sent.
   *
   * @example Use
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { initEmbeddedJSockDClient } from "@x/jsockd/embedded";
   *
   * await using client = await initEmbeddedJSockDClient({ nThreads: 1 });
   * const increment = client.command((_, n: number) => n + 1);
   * assertEquals(await increment(41), 42);
   * ```
   */
  command<R = unknown>(query: string): PreparedCommand<unknown, R>;
  /** Prepares a function, as described above. */
  command<M, P, R>(query: (module: M, param: P) => R): PreparedCommand<P, Awaited<R>>;
  command(query: AnyQuery): PreparedCommand<unknown, unknown> {
    const text = toQueryText(query);
    checkQuery(text);
    return (param, options) => this.#runValue(text, param, options);
  }

  /**
   * Runs one query with many parameters, as many at once as the server's threads can use.
   *
   * @param query The function, or text that evaluates to it, as for {@linkcode JSockDClient.run}.
   * @param params The parameters.
   * @param options As for {@linkcode JSockDClient.run}; the time limit is for each command.
   * @returns The results, in the order of the parameters.
   * @throws As {@linkcode JSockDClient.run}; the first command that fails rejects, and none is
   * started after it.
   *
   * @example Use
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { initEmbeddedJSockDClient } from "@x/jsockd/embedded";
   *
   * await using client = await initEmbeddedJSockDClient({ nThreads: 2 });
   * assertEquals(await client.runAll((_, n: number) => n * n, [1, 2, 3]), [1, 4, 9]);
   * ```
   */
  runAll<R = unknown>(
    query: string,
    params: Iterable<unknown>,
    options?: MessageHandler | RunOptions,
  ): Promise<R[]>;
  /** Runs a function with many parameters, as described above. */
  runAll<M, P, R>(
    query: (module: M, param: P) => R,
    params: Iterable<P>,
    options?: MessageHandler | RunOptions,
  ): Promise<Awaited<R>[]>;
  async runAll(
    query: AnyQuery,
    params: Iterable<unknown>,
    options?: MessageHandler | RunOptions,
  ): Promise<unknown[]> {
    const text = toQueryText(query);
    return await mapConcurrently(
      params,
      this.#maxInFlight,
      (param) => this.#runValue(text, param, options),
    );
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
    const runOptions = toRunOptions(options);
    return await this.#runner.run(
      toQueryText(query),
      jsonParam,
      overJsonText(runOptions.messageHandler),
      runOptions,
    );
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
    const { threads, inFlight, queued, pipelined, restarts } = this.#supervisor;
    const { completed, failed, latency } = this.#runner;
    return { threads, inFlight, queued, completed, failed, pipelined, restarts, latency };
  }

  /**
   * Ends the client and its server; what is pending rejects as `CLOSED`. May be called again, from
   * anywhere. When it resolves, no process, socket, folder or timer is left.
   */
  async close(): Promise<void> {
    this.#runner.close();
    await this.#supervisor.close();
  }

  /** The same as {@linkcode JSockDClient.close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #runValue(
    query: AnyQuery,
    param: unknown,
    options: MessageHandler | RunOptions | undefined,
  ): Promise<unknown> {
    const runOptions = toRunOptions(options);
    const resultJson = await this.#runner.run(
      toQueryText(query),
      toParamJson(param),
      overValues(runOptions.messageHandler),
      runOptions,
    );
    return fromServerJson(resultJson);
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
 * @example Use
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { initJSockDClient } from "@x/jsockd";
 * import { embeddedServer } from "@x/jsockd/embedded"; // or the path of a jsockd of your own
 *
 * await using client = await initJSockDClient({ nThreads: 1, logPrefix: "app: " }, embeddedServer());
 * assertEquals(await client.run((_, n: number) => n + 1, 41), 42);
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
