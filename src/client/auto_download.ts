import type { JSockDClient } from "./client.ts";
import { defaultConfig, type JSockDConfig, resolveConfig } from "../config/config.ts";
import { startClient } from "./init.ts";
import { startPurpose } from "./permissions.ts";
import { type AutoDownloadOptions, checkOptions, type InstallOptions } from "../release/options.ts";
import { checkSocketPaths } from "../server/socket_paths.ts";

/**
 * Makes sure that a verified JSockD is in the cache: downloads it if it is not there or not as it was
 * signed. Nothing is run. What is there already needs neither a network nor the permission to use one.
 *
 * @param options From where, to where, and which version; by default the official release of the
 * version that this client expects.
 * @returns The path of the executable, for `initJSockDClient`.
 * @throws {JSockDClientError} `CONFIG` if an option cannot be used, or the cache's folder cannot,
 * `PLATFORM` if there is no build for this machine, `PERMISSION` if Deno was not given what this
 * needs, `DOWNLOAD` if the release cannot be fetched, `SIGNATURE` if it is not signed as it must be.
 *
 * @example Use
 * ```ts
 * import { initJSockDClient, installJSockD, type JSockDClient } from "@x/jsockd";
 *
 * async function start(): Promise<JSockDClient> {
 *   const jsockd = await installJSockD({
 *     onProgress: ({ file, received, total }) => console.log(file, received, "of", total),
 *   });
 *   return await initJSockDClient({ nThreads: 2 }, jsockd);
 * }
 * ```
 */
export async function installJSockD(options: InstallOptions = {}): Promise<string> {
  const checked = checkOptions(options);
  const { prepare } = await import("../release/prepare.ts");
  return await prepare(checked, defaultConfig().timeoutUs, {
    what: "install JSockD",
    needs: () => [],
  });
}

/**
 * Starts a JSockD server that is downloaded, verified and kept for the next time, and connects to it.
 * The signature is checked before every start, restarts included, and that of what is in the cache as
 * well. What is not as it was signed is never run.
 *
 * The program needs to write to the cache and to run what is in it. To keep these apart, install once
 * with {@linkcode installJSockD}, in a program that may not run it, and start without the permissions
 * for writing to the cache and connecting to hosts.
 *
 * @param config What differs from {@linkcode defaultConfig}. `jsockdVersion` says what is downloaded,
 * `timeoutUs` is also how long a download may stand still.
 * @param options From where the server is downloaded, and to where.
 * @returns The client, which must be closed.
 * @throws {JSockDClientError} as {@linkcode installJSockD} and `initJSockDClient`. Permissions that are
 * missing for either are named at once.
 *
 * @example Use
 * ```ts
 * import { initJSockDClientViaAutoDownload } from "@x/jsockd";
 *
 * async function greet(name: string): Promise<string> {
 *   await using client = await initJSockDClientViaAutoDownload({ nThreads: 2 });
 *   return await client.run((_, name: string) => `Hello ${name}`, name);
 * }
 * ```
 */
export async function initJSockDClientViaAutoDownload(
  config: Partial<JSockDConfig> = {},
  options: AutoDownloadOptions = {},
): Promise<JSockDClient> {
  const resolved = resolveConfig(config);
  const checked = checkOptions({ ...options, version: resolved.jsockdVersion });
  if (resolved.socketDir !== undefined) checkSocketPaths(resolved.socketDir, resolved.nThreads, 0);
  const { prepare } = await import("../release/prepare.ts");
  const purpose = startPurpose(resolved);
  const executable = await prepare(checked, resolved.timeoutUs, purpose);
  let isVerified = true;
  try {
    return await startClient(resolved, async (signal) => {
      // A restart may come hours later: what is in the cache, and the caller's signal, are old then.
      if (!isVerified) await prepare({ ...checked, signal }, resolved.timeoutUs, purpose);
      isVerified = false;
      return executable;
    }, checked.signal);
  } catch (error) {
    const { explainMissingLoader } = await import("../release/missing_loader.ts");
    throw await explainMissingLoader(error, executable);
  }
}
