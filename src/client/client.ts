// The path of a command, from the call to its result:
//
//     JSockDClient.run()    passes on to runValue()
//     runValue()            checks the options, and turns query and parameter into text
//     Runner.run()          creates the Command, sets its deadline, counts its outcome
//     Dispatcher.submit()   sends it to an idle connection, pipelines it, or queues it
//     Connection.send()     appends it to the in-flight list of one thread
//     SocketWriter.push()   writes everything that is pushed in one turn of the event loop at once
//     Connection.#read()    decodes records (RecordDecoder), each for the first in flight
//     Command.resolve()     settles the promise of run(); the dispatcher then sends the next command
//
// ReloadableServer and Supervisor only pass commands on to the dispatcher of the present server.
import type { JSockDConfig } from "../config/config.ts";
import { ClientEventTarget } from "./events.ts";
import { type HealthOptions, toHealthMilliseconds } from "./health_options.ts";
import {
  type AnyQuery,
  prepareCommand,
  runAllValues,
  runText,
  runValue,
} from "./command_methods.ts";
import type { ModuleClient, PreparedCommand } from "./module_client.ts";
import { toQueryText } from "./query.ts";
import type { MessageHandler, RawRunOptions, RunOptions } from "./run_options.ts";
import { Runner } from "./runner.ts";
import { streamCommand } from "./stream_command.ts";
import {
  type Ask,
  type Streamable,
  type StreamOptions,
  toStreamOptions,
} from "./stream_options.ts";
import type { RawMessageHandler } from "../server/command.ts";
import type { ClientHealth } from "../server/health.ts";
import type { ReloadableServer } from "../server/reloadable_server.ts";
import type { ClientStats } from "./stats.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

/**
 * A client with a running JSockD server, which runs JavaScript. {@linkcode initJSockDClient}
 * creates one. `close()`, or `await using`, ends the client and its server.
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

  /** The version of the server, such as `0.0.139`. */
  get serverVersion(): string {
    return this.#server.ready.version;
  }

  /** The process ID of the present server. */
  get pid(): number {
    return this.#server.ready.pid;
  }

  /**
   * Runs JavaScript on the server.
   *
   * The query is a function, or text that evaluates to one. Only the source of a function is sent,
   * so it cannot use variables from its surroundings. The server calls it with the exports of the
   * configured module, or undefined, and the parameter. Parameter and result travel as JSON;
   * undefined is sent as null. The server caches compiled queries by their text, so vary the
   * parameter, not the text.
   *
   * @param query The function, or text that evaluates to it.
   * @param param The second argument of the function: any value that JSON can hold.
   * @param options The options of the command, or just its message handler.
   * @returns The value that the function returns, or that its promise resolves to.
   * @throws {JSockDJSException} If the JavaScript throws, does not compile, runs too long, or
   * returns a value that JSON cannot hold.
   * @throws {JSockDClientError} `INVALID_COMMAND` if the query or the parameter cannot be sent,
   * `TIMEOUT` if there is no result in time, or the server had to be ended because it could not stop
   * the command, `MESSAGE_HANDLER` if a message cannot be answered,
   * `SERVER_EXITED` if the server ended in the meantime, `PROTOCOL` if its answer is not valid,
   * `CLOSED` if the client is closed before the command has its result.
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
    return runValue(this.#runner, query, param, options);
  }

  /**
   * Prepares a command to run many times. A query that cannot be sent throws here already.
   *
   * @param query The function, or text that evaluates to it, as for {@linkcode JSockDClient.run}.
   * @returns A function that takes the parameter and the options of {@linkcode JSockDClient.run}.
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
    return prepareCommand(this.#runner, query);
  }

  /**
   * Runs one query with many parameters, as many at a time as the server's threads can use.
   *
   * @param query The function, or text that evaluates to it, as for {@linkcode JSockDClient.run}.
   * @param params The parameters.
   * @param options As for {@linkcode JSockDClient.run}; the timeout is for each command.
   * @returns The results, in the order of the parameters.
   * @throws As {@linkcode JSockDClient.run}, with the error of the first command that fails. No
   * command is started after it.
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
    return await runAllValues(this.#runner, query, params, options);
  }

  /**
   * Runs JavaScript like {@linkcode JSockDClient.run}, and streams its result while it runs: a page
   * of React's `renderToReadableStream`, of Preact's, of Vue's `renderToWebStream`, or anything else
   * that is {@linkcode Streamable}.
   *
   * The returned promise resolves when the first chunk has come. If the command fails before that,
   * it rejects, and the response can still have another status. If the command fails later, reading
   * the stream fails after the chunks that have come. If the stream is cancelled, as `Deno.serve`
   * does when the browser goes away, the command is aborted and cancels its stream in turn.
   *
   * The query's function has a third argument, {@linkcode Ask}. A page that loads data with it is
   * sent as far as it can be rendered, and the rest when the answer has come.
   *
   * All that time the page keeps its thread, and counts as running. So `maxCommandRuntimeUs` must
   * have room for the data that pages wait for, and `highWaterMark` for the largest page: a reader
   * that is slower than the page makes it wait only when that many bytes are waiting for the reader.
   *
   * @param query The function, or text that evaluates to it. It returns a {@linkcode Streamable}, or
   * a promise of one.
   * @param param The second argument of the function: any value that JSON can hold.
   * @param options The options of the command, or just its message handler. The timeout is for the
   * command to end.
   * @returns A stream of UTF-8.
   * @throws As {@linkcode JSockDClient.run}.
   *
   * @example A response that begins before its data is there
   * ```ts
   * import type { Ask, JSockDClient } from "@x/jsockd";
   *
   * interface Pages {
   *   // Returns what renderToReadableStream() of "react-dom/server" returns.
   *   page(props: { path: string }, ask: Ask): Promise<ReadableStream<Uint8Array>>;
   * }
   *
   * async function respond(client: JSockDClient, request: Request): Promise<Response> {
   *   const { pathname: path } = new URL(request.url);
   *   try {
   *     const html = await client.withModule<Pages>().renderToStream(
   *       (module, props, ask) => module.page(props, ask),
   *       { path },
   *       { messageHandler: (message) => loadData(message), signal: request.signal },
   *     );
   *     return new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
   *   } catch {
   *     return new Response("Something went wrong", { status: 500 });
   *   }
   * }
   *
   * function loadData(message: unknown): Promise<unknown> {
   *   return Promise.resolve(message); // from a database, say
   * }
   * ```
   *
   * @example Any iterable
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { initEmbeddedJSockDClient } from "@x/jsockd/embedded";
   *
   * await using client = await initEmbeddedJSockDClient({ nThreads: 1 });
   * const stream = await client.renderToStream(
   *   async function* (_, name: string, ask) {
   *     yield `<h1>Hello ${name}</h1>`;
   *     yield `<p>${await ask("weather")}</p>`;
   *   },
   *   "World",
   *   (message) => `${message}: fine`,
   * );
   * assertEquals(await new Response(stream).text(), "<h1>Hello World</h1><p>weather: fine</p>");
   * ```
   */
  renderToStream(
    query: string,
    param?: unknown,
    options?: MessageHandler | StreamOptions,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
  /** Streams what a function returns, as described above. */
  renderToStream<M, P>(
    query: (module: M, param: P, ask: Ask) => Streamable | PromiseLike<Streamable>,
    param: P,
    options?: MessageHandler | StreamOptions,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
  async renderToStream(
    query: string | ((module: never, param: never, ask: never) => unknown),
    param?: unknown,
    options?: MessageHandler | StreamOptions,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    return await streamCommand(
      this.#runner,
      toQueryText(query),
      param,
      toStreamOptions(options),
    );
  }

  /**
   * Runs JavaScript like {@linkcode JSockDClient.run}, but parameter, result, messages and answers
   * are JSON text. Use it if you have or need text, to save parsing it.
   *
   * @param query Text that evaluates to the function.
   * @param jsonParam The parameter as JSON text.
   * @param options The options of the command, or just its message handler.
   * @returns The result as JSON text, as the server sent it.
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
    return await runText(this.#runner, query, jsonParam, options);
  }

  /**
   * Returns this client, typed with the exports of its module.
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

  /**
   * Returns counts of the client's commands, restarts and bytes; {@linkcode ClientStats} has an
   * example.
   */
  stats(): ClientStats {
    const { ready: { threads }, serverState, inFlight, queued, counters } = this.#server;
    const { completed, failed, latency } = this.#runner;
    return { threads, serverState, inFlight, queued, completed, failed, ...counters, latency };
  }

  /**
   * Returns whether each thread of the server answers, and why not, for handlers of readiness and
   * liveness; {@linkcode ClientHealth} has an example. Runs no JavaScript and no command waits for
   * long: a busy thread is not disturbed, and counts as healthy, because its limits end what hangs.
   * A thread that does not answer is unhealthy, and the client replaces its server after a while.
   *
   * @param options The options of the check.
   * @returns The report, when all threads have answered or the timeout is over. It does not reject
   * because a server is restarting, suspended, ended or closed.
   * @throws {JSockDClientError} `CONFIG` if an option is not valid.
   *
   * @example Use
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { initEmbeddedJSockDClient } from "@x/jsockd/embedded";
   *
   * await using client = await initEmbeddedJSockDClient({ nThreads: 1 });
   * assertEquals(await client.health({ timeoutUs: 10_000_000 }), {
   *   healthy: true,
   *   serverState: "running",
   *   threads: [{ index: 0, status: "ok" }],
   * });
   * ```
   */
  async health(options: HealthOptions = {}): Promise<ClientHealth> {
    return await this.#server.health(toHealthMilliseconds(options));
  }

  /**
   * Replaces the server by one with another configuration, such as a new module, without losing a
   * command. The new server is started first, and gets all new and queued commands. The old one
   * completes its commands in flight and is closed. A reload also gives a client whose restarts are
   * used up a server again. A reload that fails changes nothing.
   *
   * With `socketDir`, the sockets of the new server are named `jsd_0b.sock` and so on, and those of
   * the one after it `jsd_0.sock` again. Deno needs `--allow-net` for both.
   *
   * @param changes The fields that differ from the present configuration. `socketDir` cannot
   * change.
   * @returns Resolves when the new server gets the commands. The old one may still be working.
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
   * Ends the client and its server. Pending commands reject with `CLOSED`. Resolves when no
   * process, socket, folder or timer is left. May be called more than once, and in a message
   * handler.
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
}

/**
 * Creates the client of a running server. Only `init.ts` calls it: users cannot create a client.
 */
export function createClient(
  server: ReloadableServer,
  telemetry: Telemetry | undefined,
): JSockDClient {
  // The constructor is private to users. TypeScript has no "internal", so this bypasses the check.
  return Reflect.construct(JSockDClient, [server, telemetry]);
}
