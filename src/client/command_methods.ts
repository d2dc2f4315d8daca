import { checkQuery } from "../protocol/commands.ts";
import type { RawMessageHandler } from "../server/command.ts";
import type { JSockDClient } from "./client.ts";
import { asJsonText, checkParamJson, fromServerJson, toParamJson } from "./json.ts";
import { mapConcurrently } from "./map_concurrently.ts";
import type { ModuleClient, PreparedCommand } from "./module_client.ts";
import { toQueryText } from "./query.ts";
import {
  type MessageHandler,
  overJsonText,
  overValues,
  type RawRunOptions,
  type RunOptions,
  toRunOptions,
} from "./run_options.ts";

/**
 * What clients have in common that reach their servers in different ways: {@linkcode JSockDClient}, and
 * the one of `@x/jsockd/nats`. A program that takes this runs on either.
 *
 * @example A function that does not care where its JavaScript runs
 * ```ts
 * import type { CommandClient } from "@x/jsockd";
 *
 * interface Pages {
 *   page(props: { title: string }): string;
 * }
 *
 * function render(client: CommandClient, title: string): Promise<string> {
 *   return client.withModule<Pages>().run((pages, props) => pages.page(props), { title });
 * }
 * ```
 */
export interface CommandClient
  extends Pick<JSockDClient, "run" | "runRaw" | "runAll" | "command" | "close">, AsyncDisposable {
  /** As {@linkcode JSockDClient.withModule}. */
  withModule<M>(): Pick<ModuleClient<M>, "run" | "command" | "runAll">;
}

/** The options that do not depend on the kind of message handler. */
export type CommonRunOptions = Omit<RunOptions, "messageHandler">;

/** Runs commands whose query, parameter, messages and result are text. */
export interface CommandRunner {
  /** How many commands can be in flight at once. */
  readonly maxInFlight: number;
  /**
   * Runs a command. Resolves to what `parse` makes of its result, which is JSON text.
   *
   * Not async, and neither are its callers: each async function would make one more promise, and
   * turns to wait, for each command.
   *
   * @throws {JSockDClientError} If the command cannot be sent.
   */
  run<Result>(
    query: string,
    paramJson: string,
    parse: (resultJson: string) => Result,
    messageHandler: RawMessageHandler | undefined,
    options: CommonRunOptions,
  ): Promise<Result>;
}

/** A function, or text that evaluates to one. */
export type AnyQuery = string | ((module: never, param: never) => unknown);

/** Runs a command with values, as {@linkcode JSockDClient.run}. */
export function runValue(
  runner: CommandRunner,
  query: AnyQuery,
  param: unknown,
  options: MessageHandler | RunOptions | undefined,
): Promise<unknown> {
  try {
    const runOptions = toRunOptions(options);
    return runner.run(
      toQueryText(query),
      toParamJson(param),
      fromServerJson,
      overValues(runOptions.messageHandler),
      runOptions,
    );
  } catch (error) {
    return Promise.reject(error);
  }
}

/** Prepares a command, as {@linkcode JSockDClient.command}. */
export function prepareCommand(
  runner: CommandRunner,
  query: AnyQuery,
): PreparedCommand<unknown, unknown> {
  const text = toQueryText(query);
  checkQuery(text);
  return (param, options) => runValue(runner, text, param, options);
}

/** Runs a query with many parameters, as {@linkcode JSockDClient.runAll}. */
export async function runAllValues(
  runner: CommandRunner,
  query: AnyQuery,
  params: Iterable<unknown>,
  options: MessageHandler | RunOptions | undefined,
): Promise<unknown[]> {
  const text = toQueryText(query);
  return await mapConcurrently(
    params,
    runner.maxInFlight,
    (param) => runValue(runner, text, param, options),
  );
}

/** Runs a command with JSON text, as {@linkcode JSockDClient.runRaw}. */
export async function runText(
  runner: CommandRunner,
  query: string,
  jsonParam: string,
  options: RawMessageHandler | RawRunOptions | undefined,
): Promise<string> {
  checkParamJson(jsonParam);
  const runOptions = toRunOptions(options);
  return await runner.run(
    toQueryText(query),
    jsonParam,
    asJsonText,
    overJsonText(runOptions.messageHandler),
    runOptions,
  );
}
