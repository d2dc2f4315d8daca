import {
  initJSockDClient,
  initJSockDClientViaAutoDownload,
  installJSockD,
  type JSockDClient,
  JSockDClientError,
  type JSockDConfig,
  type ServerCommand,
} from "../../mod.ts";
import { loadBuiltModule } from "../module/mod.ts";
import { logToStderr } from "../server/logging.ts";
import { UsageError } from "./arguments.ts";
import { showDownload } from "./download_display.ts";
import { toInstallOptions } from "./download_options.ts";
import { inOwnWords } from "./report.ts";
import { type ModuleValues, namedServer, type ServerValues } from "./server_options.ts";
import { withoutUndefined } from "./without_undefined.ts";

/**
 * Starts a client of the server that the options select, downloading the server if needed.
 *
 * @param config A configuration that {@linkcode toConfig} has returned.
 * @throws {UsageError} As {@linkcode namedServer}.
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
 * Returns the command of the server that the options select, downloading the server if needed.
 *
 * @throws {UsageError} As {@linkcode namedServer}, or if `--version` is given for a server that is
 * not downloaded: nothing would check it.
 */
export async function provideServer(
  values: ServerValues,
  signal: AbortSignal,
): Promise<ServerCommand> {
  const server = namedServer(values);
  if (server !== undefined) {
    if (values.version === undefined) return server;
    throw new UsageError(
      "Cannot use --version with --embedded or --exec: here it only selects what is downloaded",
    );
  }
  const options = toInstallOptions(values);
  return await showDownload((onProgress) => installJSockD({ ...options, signal, onProgress }));
}

/**
 * Resolves to the configuration for the options. The server's log goes to stderr until `signal`
 * aborts.
 *
 * @throws {JSockDClientError} `CONFIG` if the path in `--module` does not exist. As
 * {@linkcode loadBuiltModule}, if it is a folder.
 */
export async function toConfig(
  values: ServerValues & ModuleValues,
  config: Partial<JSockDConfig>,
  signal: AbortSignal,
): Promise<Partial<JSockDConfig>> {
  const isFolder = values.module !== undefined && await isDirectory(values.module);
  return {
    ...config,
    ...isFolder && await loadBuiltModule(values.module),
    ...withoutUndefined({
      bytecodeModuleFile: isFolder ? undefined : values.module,
      bytecodeModulePublicKey: values["public-key"],
      sourceMap: values["source-map"],
      jsockdVersion: values.version,
    }),
    // An executable is used whatever its version, unless --version is given.
    skipJSockDVersionCheck: values.exec !== undefined && values.version === undefined,
    logger: (timestamp, level, message) => {
      if (signal.aborted) return;
      // Only the client's own messages: others are texts of the function.
      const isOwn = message.startsWith("Restarting: ");
      logToStderr(timestamp, level, isOwn ? inOwnWords(message) : message);
    },
  };
}

/** The time that a call may take beyond the run of the function itself. */
const MARGIN_US = 15_000_000;

/** Returns the fields of the configuration for the milliseconds that a function may run. */
export function toLimits(timeout: number | undefined): Partial<JSockDConfig> {
  return timeout === undefined ? {} : {
    maxCommandRuntimeUs: timeout * 1000,
    timeoutUs: timeout * 1000 + MARGIN_US,
  };
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new JSockDClientError(
        "CONFIG",
        `Cannot use --module '${path}': there is no such file or folder`,
        { cause: error },
      );
    }
    // The client says what is wrong with the path, or which permission is missing.
    return false;
  }
}
