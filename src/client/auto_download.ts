import type { JSockDClient } from "./client.ts";
import { defaultConfig, type JSockDConfig, resolveConfig } from "../config/config.ts";
import { startClient } from "./init.ts";
import { startPurpose } from "./permissions.ts";
import { inSandbox } from "../sandbox/sandboxed_server.ts";
import { type AutoDownloadOptions, checkOptions, type InstallOptions } from "../release/options.ts";
import { checkSocketPaths } from "../server/socket_paths.ts";

/**
 * Downloads JSockD into the cache and verifies its signature. If a verified release is in the cache
 * already, it needs neither the network nor the permission to use it. Nothing is run.
 *
 * @param options The version, the source and the cache. Default: the official release of the
 * version that this client expects, in the user's cache folder.
 * @returns The path of the executable, for `initJSockDClient`.
 * @throws {JSockDClientError} `CONFIG` if an option or the cache folder cannot be used, `PLATFORM`
 * if there is no build for this machine, `PERMISSION` if Deno lacks a permission, `DOWNLOAD` if the
 * release cannot be downloaded, `SIGNATURE` if it does not have the right signature.
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
 * Downloads a JSockD server into the cache, starts it, and connects to it. The signature of the
 * cached release is verified before every start and restart. A file that fails the check is never
 * run.
 *
 * The program needs permission to write to the cache and to run files from it. To separate the two,
 * install once with {@linkcode installJSockD} in a program without the permission to run the
 * server. Then start without the permissions to write to the cache and to connect to hosts.
 *
 * @param config The fields that differ from {@linkcode defaultConfig}. `jsockdVersion` is the
 * version to download. `timeoutUs` also limits how long a download may make no progress.
 * @param options The source of the download, the cache, and whether to use a sandbox.
 * @returns The client, which must be closed.
 * @throws {JSockDClientError} As {@linkcode installJSockD} and `initJSockDClient`. One error names
 * the missing permissions for both.
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
  { sandbox, ...options }: AutoDownloadOptions = {},
): Promise<JSockDClient> {
  const resolved = resolveConfig(config);
  const checked = checkOptions({ ...options, version: resolved.jsockdVersion });
  if (resolved.socketDir !== undefined) checkSocketPaths(resolved.socketDir, resolved.nThreads, 0);
  const { prepare } = await import("../release/prepare.ts");
  const purpose = startPurpose(resolved, sandbox);
  const executable = await prepare(checked, resolved.timeoutUs, purpose);
  let isVerified = true;
  try {
    const locateServer = async (signal: AbortSignal) => {
      // A restart may come hours later. By then the cache may have changed, and the caller's
      // signal, which was for the start only, must not count any more.
      if (!isVerified) await prepare({ ...checked, signal }, resolved.timeoutUs, purpose);
      isVerified = false;
      return inSandbox(executable, sandbox);
    };
    return await startClient(resolved, { locateServer, canIsolate: false }, checked.signal);
  } catch (error) {
    const { explainMissingLoader } = await import("../release/missing_loader.ts");
    throw await explainMissingLoader(error, executable);
  }
}
