/**
 * Runs JavaScript in a server process of its own: on JSockD, a multi-threaded QuickJS daemon, or on a
 * server that comes with the package, with V8 or QuickJS. Starts the server, talks to it over Unix
 * sockets, and restarts it when it ends.
 *
 * @example Run a function
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { initJSockDClient } from "@x/jsockd";
 * import { embeddedServer } from "@x/jsockd/embedded"; // or the path of a jsockd of your own
 *
 * await using client = await initJSockDClient({ nThreads: 2 }, embeddedServer());
 * assertEquals(await client.run((_, name: string) => `Hello ${name}`, "World"), "Hello World");
 * ```
 *
 * @module
 */
import "./src/common/runtime_check.ts";

export { initJSockDClientViaAutoDownload, installJSockD } from "./src/client/auto_download.ts";
export { JSockDClient } from "./src/client/client.ts";
export {
  defaultConfig,
  type JSockDConfig,
  type Logger,
  type ServerCommand,
} from "./src/config/config.ts";
export {
  JSockDClientError,
  type JSockDErrorCode,
  JSockDJSException,
  type SourcePosition,
  type TraceFrame,
} from "./src/common/errors.ts";
export {
  ClientEventTarget,
  type JSockDClientEventListener,
  type JSockDClientEventMap,
} from "./src/client/events.ts";
export type { ServerExit, ServerReady, ServerRestart } from "./src/server/events.ts";
export { initJSockDClient, type StartOptions } from "./src/client/init.ts";
export type { ModuleClient, PreparedCommand } from "./src/client/module_client.ts";
export type { MessageHandler, RawRunOptions, RunOptions } from "./src/client/run_options.ts";
export type { RawMessageHandler } from "./src/server/command.ts";
export type { LatencySummary } from "./src/client/latencies.ts";
export { permissionFlags } from "./src/client/permissions.ts";
export type {
  AutoDownloadOptions,
  DownloadProgress,
  InstallOptions,
} from "./src/release/options.ts";
export type { ClientStats } from "./src/client/stats.ts";
export { JSOCKD_VERSION } from "./src/common/version.ts";
