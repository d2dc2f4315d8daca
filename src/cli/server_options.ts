import type { ServerCommand } from "../../mod.ts";
import { embeddedServer } from "../embedded/mod.ts";
import { UsageError } from "./arguments.ts";
import type { Options, Values } from "./command.ts";
import { DOWNLOAD_OPTIONS } from "./download_options.ts";

/** The options that select a server. By default, it is downloaded. */
export const SERVER_OPTIONS = {
  embedded: { help: "use the embedded server" },
  engine: { value: "NAME", help: "its engine: quickjs (default) or v8" },
  exec: { value: "PATH", help: "use this jsockd executable" },
  version: { value: "V", help: "version that the server must have" },
  ...DOWNLOAD_OPTIONS,
} as const satisfies Options;

/** The options that give a server a module. */
export const MODULE_OPTIONS = {
  module: { value: "PATH", help: "module for functions: folder of a build, or signed file" },
  "public-key": { value: "HEX", help: "public key to verify the module with" },
  "source-map": { value: "FILE", help: "the module's source map" },
} as const satisfies Options;

/** The option that limits how long functions run. */
export const TIMEOUT_OPTION = {
  timeout: { value: "MS", range: [1, 86_400_000], help: "longest run of the function (250)" },
} as const satisfies Options;

/** The values of the options that select a server. */
export type ServerValues = Values<typeof SERVER_OPTIONS>;

/** The values of the options that give the server a module. */
export type ModuleValues = Values<typeof MODULE_OPTIONS>;

/**
 * Returns the server that `--embedded` or `--exec` names; undefined if it must be downloaded.
 *
 * @throws {UsageError} If the options contradict each other.
 */
export function namedServer(values: ServerValues): ServerCommand | undefined {
  const { embedded, engine, exec } = values;
  if (engine !== undefined && !embedded) {
    throw new UsageError("Cannot use --engine without --embedded: it is the embedded server's");
  }
  if (engine !== undefined && engine !== "quickjs" && engine !== "v8") {
    throw new UsageError(`Cannot use --engine with '${engine}': it takes quickjs or v8`);
  }
  if (!embedded && exec === undefined) return undefined;
  if (embedded && exec !== undefined) {
    throw new UsageError("Cannot use --embedded and --exec together: each names a server");
  }
  const names = Object.keys(DOWNLOAD_OPTIONS) as (keyof typeof DOWNLOAD_OPTIONS)[];
  const unused = names.find((name) => values[name] !== undefined);
  if (unused !== undefined) {
    throw new UsageError(
      `Cannot use --${unused} with --embedded or --exec: nothing is downloaded then`,
    );
  }
  return exec ?? embeddedServer({ engine: engine ?? "quickjs" });
}
