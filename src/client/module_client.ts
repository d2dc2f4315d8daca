import type { MessageHandler, RunOptions } from "./run_options.ts";
import type { Ask, Streamable, StreamOptions } from "./stream_options.ts";

/**
 * A client typed with the exports `M` of its module. {@linkcode JSockDClient.withModule} returns
 * one.
 *
 * @example Calls that the compiler checks
 * ```ts
 * import type { ModuleClient } from "@x/jsockd";
 *
 * interface Pages {
 *   counter(props: { start: number }): string;
 * }
 *
 * function renderCounter(client: ModuleClient<Pages>, start: number): Promise<string> {
 *   return client.run((pages, props) => pages.counter(props), { start });
 * }
 * ```
 */
export interface ModuleClient<M> {
  /** As {@linkcode JSockDClient.run}. */
  run<R = unknown>(
    query: string,
    param?: unknown,
    options?: MessageHandler | RunOptions,
  ): Promise<R>;
  /** As {@linkcode JSockDClient.run}, with the module typed, without a parameter. */
  run<R>(query: (module: M) => R): Promise<Awaited<R>>;
  /** As {@linkcode JSockDClient.run}, with the module typed. */
  run<P, R>(
    query: (module: M, param: P) => R,
    param: P,
    options?: MessageHandler | RunOptions,
  ): Promise<Awaited<R>>;
  /** As {@linkcode JSockDClient.command}. */
  command<R = unknown>(query: string): PreparedCommand<unknown, R>;
  /** As {@linkcode JSockDClient.command}, with the module typed. */
  command<P, R>(query: (module: M, param: P) => R): PreparedCommand<P, Awaited<R>>;
  /** As {@linkcode JSockDClient.runAll}. */
  runAll<R = unknown>(
    query: string,
    params: Iterable<unknown>,
    options?: MessageHandler | RunOptions,
  ): Promise<R[]>;
  /** As {@linkcode JSockDClient.runAll}, with the module typed. */
  runAll<P, R>(
    query: (module: M, param: P) => R,
    params: Iterable<P>,
    options?: MessageHandler | RunOptions,
  ): Promise<Awaited<R>[]>;
  /** As {@linkcode JSockDClient.renderToStream}. */
  renderToStream(
    query: string,
    param?: unknown,
    options?: MessageHandler | StreamOptions,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
  /** As {@linkcode JSockDClient.renderToStream}, with the module typed. */
  renderToStream<P>(
    query: (module: M, param: P, ask: Ask) => Streamable | PromiseLike<Streamable>,
    param: P,
    options?: MessageHandler | StreamOptions,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
}

/** A command whose query is set. {@linkcode JSockDClient.command} returns one. */
export type PreparedCommand<P, R> = (
  param: P,
  options?: MessageHandler | RunOptions,
) => Promise<R>;
