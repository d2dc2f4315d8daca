import type { MessageHandler, RunOptions } from "./run_options.ts";

/**
 * A client whose server has a module with the exports `M`; {@linkcode JSockDClient.withModule} gives
 * it.
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
  /** As {@linkcode JSockDClient.run}, the module's exports typed, without a parameter. */
  run<R>(query: (module: M) => R): Promise<Awaited<R>>;
  /** As {@linkcode JSockDClient.run}, the module's exports typed. */
  run<P, R>(
    query: (module: M, param: P) => R,
    param: P,
    options?: MessageHandler | RunOptions,
  ): Promise<Awaited<R>>;
  /** As {@linkcode JSockDClient.command}. */
  command<R = unknown>(query: string): PreparedCommand<unknown, R>;
  /** As {@linkcode JSockDClient.command}, the module's exports typed. */
  command<P, R>(query: (module: M, param: P) => R): PreparedCommand<P, Awaited<R>>;
  /** As {@linkcode JSockDClient.runAll}. */
  runAll<R = unknown>(
    query: string,
    params: Iterable<unknown>,
    options?: MessageHandler | RunOptions,
  ): Promise<R[]>;
  /** As {@linkcode JSockDClient.runAll}, the module's exports typed. */
  runAll<P, R>(
    query: (module: M, param: P) => R,
    params: Iterable<P>,
    options?: MessageHandler | RunOptions,
  ): Promise<Awaited<R>[]>;
}

/** A command that needs only its parameter: {@linkcode JSockDClient.command} makes it. */
export type PreparedCommand<P, R> = (
  param: P,
  options?: MessageHandler | RunOptions,
) => Promise<R>;
