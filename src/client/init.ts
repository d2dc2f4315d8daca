import { createClient, type JSockDClient } from "./client.ts";
import { type JSockDConfig, resolveConfig, type ServerCommand } from "../config/config.ts";
import { splitServerCommand } from "../config/server_command.ts";
import { JSockDClientError } from "../common/errors.ts";
import { abortSignal, checkFields, type FieldChecks } from "../config/field_checks.ts";
import { requirePermissions, requireSocketPermissions } from "./permissions.ts";
import { ReloadableServer } from "../server/reloadable_server.ts";
import { checkSocketPaths } from "../server/socket_paths.ts";
import type { ServerLocator } from "../server/supervisor.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

/**
 * How a client is started.
 *
 * @example A start that is not waited for in vain
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
  /** Ends the start: the call then rejects with the signal's reason, and nothing is left. */
  signal?: AbortSignal;
}

const CHECKS: FieldChecks<StartOptions> = { signal: abortSignal };

/** Where the OpenTelemetry API keeps the providers that were registered, Deno's own among them. */
const TELEMETRY_PROVIDERS = Symbol.for("opentelemetry.js.api.1");

/** A signal that never aborts. */
const NEVER = new AbortController().signal;

/**
 * Starts a JSockD server and connects to it.
 *
 * @param config What differs from {@linkcode defaultConfig}.
 * @param jsockdExec The server's executable, or it and the arguments that come before the client's.
 * @param options What may end the start.
 * @returns The client, which must be closed.
 * @throws {JSockDClientError} `CONFIG` if the configuration cannot be used, `PLATFORM` on Windows,
 * `PERMISSION` if Deno was not given what this needs, `SPAWN` if the server cannot be started or ends
 * before it is ready, `START_TIMEOUT` if it is not ready in time, `VERSION_MISMATCH` if it is of
 * another version, `PROTOCOL` if it is no JSockD server.
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
  // A copy: restarts run what was asked for, whatever becomes of the caller's array.
  const command = splitServerCommand(jsockdExec);
  const { signal = NEVER } = checkFields(options, CHECKS, "start options");
  if (resolved.socketDir !== undefined) checkSocketPaths(resolved.socketDir, resolved.nThreads, 0);
  await requirePermissions(resolved, command);
  return await startClient(resolved, () => Promise.resolve(command), signal);
}

/** Starts a client with a server that is located anew for each start. */
export async function startClient(
  config: JSockDConfig,
  locateServer: ServerLocator,
  signal: AbortSignal = NEVER,
): Promise<JSockDClient> {
  const telemetry = await loadTelemetry();
  const options = { config, locateServer, requireSockets: requireSocketPermissions };
  return createClient(await ReloadableServer.start(options, signal), telemetry);
}

/** Loads what reports to OpenTelemetry, if a provider is registered; nothing is loaded otherwise. */
async function loadTelemetry(): Promise<Telemetry | undefined> {
  if (!(TELEMETRY_PROVIDERS in globalThis)) return undefined;
  const { Telemetry } = await import("../telemetry/telemetry.ts");
  return new Telemetry();
}
