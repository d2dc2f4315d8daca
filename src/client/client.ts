import type { JSockDConfig } from "../config/config.ts";
import { ClientEventTarget } from "./events.ts";
import { checkParamJson, fromServerJson, toParamJson } from "./json.ts";
import { mapConcurrently } from "./map_concurrently.ts";
import type { ModuleClient, PreparedCommand } from "./module_client.ts";
import { checkQuery } from "../protocol/commands.ts";
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
import type { RawMessageHandler } from "../server/command.ts";
import type { ReloadableServer } from "../server/reloadable_server.ts";
import type { ClientStats } from "./stats.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

type AnyQuery = string | ((module: never, param: never) => unknown);

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
export class JSockDClient extends ClientEventTarget implements AsyncDisposable {
  readonly #server: ReloadableServer;
  readonly #runner: Runner;
  readonly #stopObserving: (() => void) | undefined;

  private constructor(server: ReloadableServer, telemetry: Telemetry | undefined) {
    super();
    this.#server = server;
    server.onEvent = (type, detail) => this.dispatchEvent(new CustomEvent(type, { detail }));
    this.#runner = new Runner(server, telemetry);
    this.#stopObserving = telemetry?.observeStats(() => this.stats());
  }

  /** The server's version, such as `0.0.139`. */
  get serverVersion(): string {
    return this.#server.ready.version;
  }

  /** The process number of the present server. */
  get pid(): number {
    return this.#server.ready.pid;
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
  /** Runs a function that takes no parameter, as described above. */
  run<M, R>(query: (module: M) => R): Promise<Awaited<R>>;
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
    const { nThreads, maxPipelineDepth } = this.#server.config;
    return await mapConcurrently(
      params,
      nThreads * maxPipelineDepth,
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

  /** Counts what the client has done and is doing; {@linkcode ClientStats} has an example. */
  stats(): ClientStats {
    const { ready: { threads }, inFlight, queued, counters } = this.#server;
    const { completed, failed, latency } = this.#runner;
    return { threads, inFlight, queued, completed, failed, ...counters, latency };
  }

  /**
   * Puts a server of another configuration, such as a new module, in the place of the present one,
   * with no command lost. The new server is started first. Then it gets all new commands and those
   * that wait, while the old one ends what it is working on, and is closed. It also helps where the
   * restarts were used up. A reload that fails leaves everything as it was.
   *
   * With `socketDir` the new server's sockets are `jsd_0b.sock` and so on, those of the next one
   * `jsd_0.sock` again: Deno must be given `--allow-net` for both.
   *
   * @param changes What differs from the present configuration. `socketDir` cannot.
   * @returns Resolves when the new server gets the commands; the old one may still be ending.
   * @throws {JSockDClientError} As `initJSockDClient`, or `CLOSED`.
   *
   * @example Another time limit
   * ```ts
   * import { assertEquals, assertNotEquals } from "@std/assert";
   * import { initEmbeddedJSockDClient } from "@x/jsockd/embedded";
   *
   * await using client = await initEmbeddedJSockDClient({ nThreads: 1 });
   * const { pid } = client;
   * await client.reload({ maxCommandRuntimeUs: 500_000 });
   * assertNotEquals(client.pid, pid);
   * assertEquals(await client.run((_, n: number) => n + 1, 41), 42);
   * ```
   */
  reload(changes: Partial<JSockDConfig>): Promise<void> {
    return this.#server.reload(changes);
  }

  /**
   * Ends the client and its server; what is pending rejects as `CLOSED`. May be called again, from
   * anywhere. When it resolves, no process, socket, folder or timer is left.
   */
  async close(): Promise<void> {
    this.#runner.close();
    this.#stopObserving?.();
    await this.#server.close();
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

/** Creates the client of a running server. For `init.ts`: users start clients, they make none. */
export function createClient(
  server: ReloadableServer,
  telemetry: Telemetry | undefined,
): JSockDClient {
  // TypeScript has no "internal": the constructor is private to users, and this is the way past it.
  return Reflect.construct(JSockDClient, [server, telemetry]);
}
