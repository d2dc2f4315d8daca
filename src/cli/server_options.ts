import type { ServerCommand } from "../../mod.ts";
import { embeddedServer } from "../embedded/mod.ts";
import { UsageError } from "./arguments.ts";
import type { Options, Values } from "./command.ts";
import { DOWNLOAD_OPTIONS } from "./download_options.ts";

/** The options that say which server to use: unless one is named, one that is downloaded. */
export const SERVER_OPTIONS = {
  embedded: { help: "use the embedded server, QuickJS in WebAssembly" },
  exec: { value: "PATH", help: "use this jsockd executable" },
  version: { value: "V", help: "version that the server must have" },
  ...DOWNLOAD_OPTIONS,
} as const satisfies Options;

/** The options that give a server a module. */
export const MODULE_OPTIONS = {
  module: { value: "FILE", help: "compiled, signed module for the functions" },
  "public-key": { value: "HEX", help: "key that the module is signed with" },
  "source-map": { value: "FILE", help: "the module's source map" },
} as const satisfies Options;

/** What is given for the options that say which server to use. */
export type ServerValues = Values<typeof SERVER_OPTIONS>;

/** What is given for those that give it a module. */
export type ModuleValues = Values<typeof MODULE_OPTIONS>;

/**
 * The server that is not to be downloaded; undefined if one is.
 *
 * @throws {UsageError} if the options contradict each other.
 */
export function namedServer(values: ServerValues): ServerCommand | undefined {
  const { embedded, exec } = values;
  if (!embedded && exec === undefined) return undefined;
  if (embedded && exec !== undefined) {
    throw new UsageError("Cannot use --embedded and --exec together: each names a server");
  }
  const names = Object.keys(DOWNLOAD_OPTIONS) as (keyof typeof DOWNLOAD_OPTIONS)[];
  const useless = names.find((name) => values[name] !== undefined);
  if (useless !== undefined) {
    throw new UsageError(
      `Cannot use --${useless} with --embedded or --exec: nothing is downloaded then`,
    );
  }
  return exec ?? embeddedServer();
}
