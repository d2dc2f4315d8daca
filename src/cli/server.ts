import {
  initJSockDClient,
  initJSockDClientViaAutoDownload,
  installJSockD,
  type JSockDClient,
  type JSockDConfig,
  type ServerCommand,
} from "../../mod.ts";
import { logToStderr } from "../server/logging.ts";
import { UsageError } from "./arguments.ts";
import { showDownload } from "./download_display.ts";
import { toInstallOptions } from "./download_options.ts";
import { type ModuleValues, namedServer, type ServerValues } from "./server_options.ts";
import { withoutUndefined } from "./without_undefined.ts";

/**
 * Starts the server that the options say, and downloads it before if need be.
 *
 * @param config Made by {@linkcode toConfig}.
 * @throws {UsageError} as {@linkcode namedServer}.
 */
export async function startClient(
  values: ServerValues,
  config: Partial<JSockDConfig>,
  signal: AbortSignal,
): Promise<JSockDClient> {
  const server = namedServer(values);
  if (server !== undefined) return await initJSockDClient(config, server, { signal });
  const options = toInstallOptions(values);
  return await showDownload((onProgress) =>
    initJSockDClientViaAutoDownload(config, { ...options, signal, onProgress })
  );
}

/**
 * Gives the command of the server that the options say, and downloads it before if need be.
 *
 * @throws {UsageError} as {@linkcode namedServer}, or if a version is given that nobody checks.
 */
export async function provideServer(
  values: ServerValues,
  signal: AbortSignal,
): Promise<ServerCommand> {
  const server = namedServer(values);
  if (server !== undefined) {
    if (values.version === undefined) return server;
    throw new UsageError("Cannot use --version with --embedded or --exec: they are what they are");
  }
  const options = toInstallOptions(values);
  return await showDownload((onProgress) => installJSockD({ ...options, signal, onProgress }));
}

/** The configuration that the options say. The server's log goes to stderr, until `signal` aborts. */
export function toConfig(
  values: ServerValues & ModuleValues,
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
      if (!signal.aborted) logToStderr(timestamp, level, message);
    },
  };
}
