import { createClient, type JSockDClient } from "./client.ts";
import { type JSockDConfig, resolveConfig, type ServerCommand } from "../config/config.ts";
import { isEmbedded, splitServerCommand } from "../config/server_command.ts";
import { resolve } from "@std/path/posix/resolve";
import { JSockDClientError } from "../common/errors.ts";
import { abortSignal, checkFields, type FieldChecks } from "../config/field_checks.ts";
import { requirePermissions, requireSocketPermissions } from "./permissions.ts";
import { ReloadableServer } from "../server/reloadable_server.ts";
import { checkSocketPaths } from "../server/socket_paths.ts";
import type { ServerLocator } from "../server/supervisor.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

/**
 * Options for starting a client.
 *
 * @example Aborting a start
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { initJSockDClient } from "@x/jsockd";
 * import { embeddedServer } from "@x/jsockd/embedded";
 *
 * const signal = AbortSignal.abort(new Error("no longer wanted"));
 * await assertRejects(() => initJSockDClient({}, embeddedServer(), { signal }), Error, "no longer");
 * ```
 */
export interface StartOptions {
  /** Aborts the start. The call then rejects with the signal's reason, and no process is left. */
  signal?: AbortSignal;
}

const CHECKS: FieldChecks<StartOptions> = { signal: abortSignal };

/** Where the OpenTelemetry API keeps registered providers, including Deno's own. */
const TELEMETRY_PROVIDERS = Symbol.for("opentelemetry.js.api.1");

/** A signal that never aborts. */
const NEVER = new AbortController().signal;

/**
 * Starts a JSockD server and connects to it.
 *
 * @param config The fields that differ from {@linkcode defaultConfig}.
 * @param jsockdExec The executable of the server, or an array of it and leading arguments.
 * @param options Options for the start.
 * @returns The client, which must be closed.
 * @throws {JSockDClientError} `CONFIG` if the configuration is not valid, `PLATFORM` on Windows,
 * `PERMISSION` if Deno lacks a permission, `SPAWN` if the server cannot be started or ends before
 * it is ready, `START_TIMEOUT` if it is not ready in time, `VERSION_MISMATCH` if it has another
 * version, `PROTOCOL` if it is not a JSockD server.
 *
 * @example Use
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { initJSockDClient } from "@x/jsockd";
 * import { embeddedServer } from "@x/jsockd/embedded"; // or the path of a jsockd of your own
 *
 * await using client = await initJSockDClient({ nThreads: 1, logPrefix: "app: " }, embeddedServer());
 * assertEquals(await client.run((_, n: number) => n + 1, 41), 42);
 * ```
 */
export async function initJSockDClient(
  config: Partial<JSockDConfig>,
  jsockdExec: ServerCommand,
  options: StartOptions = {},
): Promise<JSockDClient> {
  if (Deno.build.os === "windows") {
    throw new JSockDClientError(
      "PLATFORM",
      "Cannot run JSockD on Windows: run this program in the Windows Subsystem for Linux (WSL)",
    );
  }
  const resolved = resolveConfig(config);
  // This is a copy, so changes to the caller's array do not affect restarts, and neither does another
  // working folder. A name without a folder is looked up in PATH.
  const [executable, ...leading] = splitServerCommand(jsockdExec);
  const command = [executable.includes("/") ? resolve(executable) : executable, ...leading] as [
    string,
    ...string[],
  ];
  const { signal = NEVER } = checkFields(options, CHECKS, "start options");
  if (resolved.socketDir !== undefined) checkSocketPaths(resolved.socketDir, resolved.nThreads, 0);
  await requirePermissions(resolved, command);
  const server = { locateServer: () => Promise.resolve(command), canIsolate: isEmbedded(command) };
  return await startClient(resolved, server, signal);
}

/** The server of a client. */
export interface ServerSource {
  /** Called before each start of the server. */
  readonly locateServer: ServerLocator;
  /** Whether the server can run isolated commands. */
  readonly canIsolate: boolean;
}

/** Starts a client. */
export async function startClient(
  config: JSockDConfig,
  server: ServerSource,
  signal: AbortSignal = NEVER,
): Promise<JSockDClient> {
  const telemetry = await loadTelemetry();
  const options = { config, requireSockets: requireSocketPermissions, ...server };
  return createClient(await ReloadableServer.start(options, signal), telemetry);
}

/** Loads the telemetry code if an OpenTelemetry provider is registered. Otherwise loads nothing. */
async function loadTelemetry(): Promise<Telemetry | undefined> {
  if (!(TELEMETRY_PROVIDERS in globalThis)) return undefined;
  const { Telemetry } = await import("../telemetry/telemetry.ts");
  return new Telemetry();
}
