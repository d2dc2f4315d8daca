import {
  initJSockDClient,
  type JSockDClient,
  type JSockDConfig,
  type ServerCommand,
} from "../../mod.ts";
import { embeddedServer } from "../embedded/mod.ts";
import { logToStderr } from "../logging.ts";
import { UsageError } from "./arguments.ts";
import type { Options, Values } from "./command.ts";
import { withoutUndefined } from "./without_undefined.ts";

/** The options that say which server to use. */
export const SERVER_OPTIONS = {
  embedded: { help: "use the embedded server, QuickJS in WebAssembly" },
  exec: { value: "PATH", help: "use this jsockd executable" },
  version: { value: "V", help: "the server's version" },
} as const satisfies Options;

/** The options that give a server a module. */
export const MODULE_OPTIONS = {
  module: { value: "FILE", help: "compiled, signed module for the functions" },
  "public-key": { value: "HEX", help: "public key that the module is signed with" },
  "source-map": { value: "FILE", help: "the module's source map" },
} as const satisfies Options;

/** What a server logs when its client or its user ends it, which is no news to anybody. */
const FAREWELL = /^Exiting after SIG\w+ received$/;

/** What is given for them. */
type ServerValues = Values<typeof SERVER_OPTIONS> & Partial<Values<typeof MODULE_OPTIONS>>;

/**
 * Starts the server that the options say. Its log goes to stderr, until the user wants it to end.
 *
 * @throws {UsageError} if they name more than one server.
 */
export async function startClient(
  values: ServerValues,
  config: Partial<JSockDConfig>,
  signal: AbortSignal,
): Promise<JSockDClient> {
  return await initJSockDClient(toConfig(values, config, signal), serverCommand(values));
}

function serverCommand({ embedded, exec }: ServerValues): ServerCommand {
  if (embedded && exec !== undefined) {
    throw new UsageError("Cannot use --embedded and --exec together: each names a server");
  }
  if (embedded) return embeddedServer();
  if (exec !== undefined) return exec;
  throw new UsageError("Cannot start without --embedded or --exec");
}

function toConfig(
  values: ServerValues,
  config: Partial<JSockDConfig>,
  signal: AbortSignal,
): Partial<JSockDConfig> {
  return {
    ...config,
    ...withoutUndefined({
      bytecodeModuleFile: values.module,
      bytecodeModulePublicKey: values["public-key"],
      sourceMap: values["source-map"],
      jsockdVersion: values.version,
    }),
    // Who names an executable wants that one, whatever its version is.
    skipJSockDVersionCheck: values.exec !== undefined && values.version === undefined,
    logger: (timestamp, level, message) => {
      if (!signal.aborted && !FAREWELL.test(message)) logToStderr(timestamp, level, message);
    },
  };
}
