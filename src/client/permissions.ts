import { resolve } from "@std/path/posix/resolve";
import { type JSockDConfig, resolveConfig, type ServerCommand } from "../config/config.ts";
import { isEmbedded, splitServerCommand } from "../config/server_command.ts";
import {
  findMissing,
  type Need,
  net,
  permissionError,
  read,
  run,
  toFlags,
  write,
} from "../config/needs.ts";
import { locateCache } from "../release/cache_location.ts";
import { cacheNeeds, downloadNeeds, unknownCacheError, userFolderNeed } from "../release/needs.ts";
import { type AutoDownloadOptions, checkOptions } from "../release/options.ts";
import type { Purpose } from "../release/prepare.ts";
import { Release } from "../release/release.ts";
import type { SandboxOptions } from "../sandbox/options.ts";
import { inSandbox } from "../sandbox/sandboxed_server.ts";
import { PS } from "../server/resident_size.ts";
import { socketPaths, type SocketSet, temporaryFolder } from "../server/socket_paths.ts";

/**
 * Returns the flags of `deno run` that a client with this configuration needs, and no more. Deno
 * accepts only exact paths of sockets in `--allow-net`. With `socketDir` these are known in
 * advance; without it, the client needs `--allow-net` as a whole.
 *
 * For `initJSockDClientViaAutoDownload`, the flags are those for the first start. Once the release
 * is in the cache, you can drop those for writing there and for connecting to hosts.
 *
 * | what you do | flags of `deno run` |
 * | --- | --- |
 * | `initJSockDClient`, with `socketDir` | `--allow-run=EXECUTABLE,/bin/ps`, `--allow-read` and `--allow-write=SOCKETDIR`, `--allow-net=unix:SOCKETDIR/jsd_0.sock` and so on for each thread |
 * | the same without `socketDir` | `--allow-run=EXECUTABLE,/bin/ps`, `--allow-read` and `--allow-write=/tmp` (or `TMPDIR`), `--allow-net` |
 * | `client.reload` | with `socketDir` also `--allow-net=unix:SOCKETDIR/jsd_0b.sock` and so on |
 * | `initJSockDClientViaAutoDownload` | the same for the executable in the cache; `--allow-read` and `--allow-write=CACHEDIR`; `--allow-net=github.com:443,release-assets.githubusercontent.com:443,objects.githubusercontent.com:443` |
 * | the same, once it has downloaded | neither the hosts nor `--allow-write=CACHEDIR` |
 * | the same without `cacheDir` | `--allow-env=HOME`, or `XDG_CACHE_HOME` where that is set |
 * | `installJSockD` | of these those for the cache and the hosts |
 * | a server in a sandbox: `sandboxedServer()`, `sandbox` | `--allow-run=/usr/bin/bwrap` in place of that for the server |
 * | `embeddedServer()` | `--allow-run=DENO`, Deno's own path; if Deno's cache is not at its usual place, `--allow-env=DENO_DIR` and `--allow-run=/usr/bin/env` for it to be found |
 * | `buildModule`, `watchModule` | `--allow-read`, `--allow-write=OUTDIR`, `--allow-run=DENO,EXECUTABLE` |
 * | modules, source maps, OpenTelemetry | none: the server reads the files, Deno its own variables |
 *
 * With `ps` the client measures the server's memory. Without it, it logs that it cannot hold the default
 * limit, and rejects a `maxMemoryBytes` that is given.
 *
 * What is missing is named, all of it at once, in a `PERMISSION` error. What `embeddedServer()` needs
 * depends on whether the environment may be read, so ask for its flags in a program that may not.
 *
 * @param config The configuration of the client.
 * @param server The command that starts the server, or the options for downloading it.
 * @returns The flags, one with all values for each kind of permission.
 * @throws {JSockDClientError} `CONFIG` and `PLATFORM` as for `initJSockDClient` and
 * `initJSockDClientViaAutoDownload`, `PERMISSION` if the cache folder depends on an environment
 * variable that may not be read.
 *
 * @example Least privilege
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { permissionFlags } from "@x/jsockd";
 *
 * assertEquals(permissionFlags({ nThreads: 1, socketDir: "/run/app" }, "/usr/bin/jsockd"), [
 *   "--allow-run=/usr/bin/jsockd,/bin/ps",
 *   "--allow-read=/run/app",
 *   "--allow-write=/run/app",
 *   "--allow-net=unix:/run/app/jsd_0.sock",
 * ]);
 * ```
 *
 * @example With a server that is downloaded
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { permissionFlags } from "@x/jsockd";
 *
 * const config = { nThreads: 1, socketDir: "/run/app" };
 * assertEquals(permissionFlags(config, { cacheDir: "/opt/jsockd" }).slice(1), [
 *   "--allow-read=/run/app,/opt/jsockd",
 *   "--allow-write=/run/app,/opt/jsockd",
 *   "--allow-net=unix:/run/app/jsd_0.sock,github.com:443," +
 *     "release-assets.githubusercontent.com:443,objects.githubusercontent.com:443",
 * ]);
 * ```
 */
export function permissionFlags(
  config: Partial<JSockDConfig>,
  server: ServerCommand | AutoDownloadOptions,
): string[] {
  const resolved = resolveConfig(config);
  if (isCommand(server)) return toFlags(serverNeeds(resolved, server, true));
  const { sandbox, ...download } = server;
  const options = { ...checkOptions(download), version: resolved.jsockdVersion };
  const location = locateCache(options.cacheDir);
  if (location === undefined) throw unknownCacheError("name the flags", [userFolderNeed]);
  const release = new Release(options, location.path);
  return toFlags([
    ...serverNeeds(resolved, inSandbox(release.executable, sandbox), true),
    ...cacheNeeds(location),
    ...downloadNeeds(options, location),
  ]);
}

/**
 * Checks the permissions for starting a server, so that all missing ones are reported at once and
 * before anything is started. On a terminal, Deno may ask the user to grant them.
 *
 * @throws {JSockDClientError} `PERMISSION`, with the flags to add, if one is missing.
 */
export async function requirePermissions(
  config: JSockDConfig,
  jsockdExec: ServerCommand,
): Promise<void> {
  const missing = await findMissing(serverNeeds(config, jsockdExec));
  if (missing.length > 0) throw permissionError("start the server", missing);
}

/** Returns what a download is prepared for: the start of a server with this configuration. */
export function startPurpose(config: JSockDConfig, sandbox?: SandboxOptions): Purpose {
  return {
    what: "start the server",
    needs: (executable) =>
      executable === undefined
        ? socketNeeds(config)
        : serverNeeds(config, inSandbox(executable, sandbox)),
  };
}

/**
 * Returns the needs for starting a server and connecting to it. The server itself reads its module.
 *
 * @param withDefaults Whether to include what the default memory limit needs. Without it, the client
 * works, and logs that it cannot hold that limit.
 */
function serverNeeds(
  config: JSockDConfig,
  jsockdExec: ServerCommand,
  withDefaults = false,
): Need[] {
  const [executable] = splitServerCommand(jsockdExec);
  const measures = !isEmbedded(jsockdExec) && (withDefaults || config.maxMemoryBytes > 0);
  return [run(executable), ...measures ? [run(PS)] : [], ...socketNeeds(config)];
}

/**
 * Checks the permissions for the sockets of a replacement server.
 *
 * @throws {JSockDClientError} `PERMISSION`, with the flags to add, if one is missing.
 */
export async function requireSocketPermissions(
  config: JSockDConfig,
  socketSet: SocketSet,
): Promise<void> {
  const missing = await findMissing(socketNeeds(config, socketSet));
  if (missing.length > 0) throw permissionError("reload the server", missing);
}

/** Returns the needs for connecting to a server. */
function socketNeeds(
  { socketDir, nThreads }: JSockDConfig,
  socketSet: SocketSet = 0,
): Need[] {
  const folder = socketDir === undefined ? temporaryFolder() : resolve(socketDir);
  const sockets = socketDir === undefined
    ? [net()]
    : socketPaths(folder, nThreads, socketSet).map((path) => net(`unix:${path}`));
  return [read(folder), write(folder), ...sockets];
}

function isCommand(server: ServerCommand | AutoDownloadOptions): server is ServerCommand {
  return typeof server === "string" || Array.isArray(server);
}
