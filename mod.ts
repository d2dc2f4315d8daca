/**
 * Runs JavaScript in a server process of its own: on JSockD, a multi-threaded QuickJS daemon, or on a
 * server that comes with the package, with V8 or QuickJS. Starts the server, talks to it over Unix
 * sockets, and restarts it when it ends.
 *
 * ## What happens when
 *
 * No caller is ever given another's result, and every promise settles. The tests in `tests/client/`
 * and `tests/faults/` hold to each line; `deno task soak` kills a server every second for a minute
 * under 64 callers, and counts. The README tells what happens at a limit.
 *
 * | event | what the caller sees | what happens to the others |
 * | --- | --- | --- |
 * | the JavaScript throws, does not compile, or runs too long | `JSockDJSException` | nothing |
 * | a query or parameter cannot be sent: NUL, leading `?`, BigInt, a query of 1 MiB, a parameter over `maxParamBytes` | `INVALID_COMMAND`, with the field and the limit; nothing was sent | nothing |
 * | a message handler throws, or its answer is not JSON or too large | `MESSAGE_HANDLER`, the handler's error as `cause`; from about 200 KiB on, jsockd 0.0.139 may refuse an answer: a `JSockDJSException` | nothing |
 * | a message comes and there is no handler | `MESSAGE_HANDLER` | those in flight on the same thread are sent again |
 * | the JavaScript throws after a message | `JSockDJSException` | nothing; the thread is reset before its next command |
 * | handlers on all threads wait for commands of the same client | `TIMEOUT`, for no thread is left to run those: have more threads than such handlers at once | they wait as well |
 * | a command takes longer than `timeoutUs`, or its signal aborts | `TIMEOUT`, or the signal's reason, at once | nothing, but the thread stays taken until the server answers; that answer is dropped |
 * | a streamed page fails after its first chunk | the chunks so far, then the stream fails with the error | nothing |
 * | the reader cancels a stream: the browser went away | nothing more; the JavaScript's own stream is cancelled | nothing |
 * | a slow command runs | its result | they run on the other threads; quick ones do not queue up behind it |
 * | the server dies: crash, `SIGKILL`, `std.exit` | `SERVER_EXITED` with exit code or signal, if the server may have begun with the command; if that is `idempotent`, nothing, but the second time | they run on the next server, which is started at once |
 * | it dies more than `maxRestartsPerMinute` times | `SERVER_EXITED`, with how often and why | the same, at once, until the next restart: after a minute, and then after growing pauses, or after `reload()` |
 * | the next server dies as well, while it starts | nothing | they wait for the one after it, as long as there are restarts left |
 * | the JavaScript runs too long, and the server cannot interrupt it, or is stopped, wedged, deaf | `TIMEOUT`, 500 ms after `maxCommandRuntimeUs` | they run on another server, started before this one is killed; a command on another thread that is not done by then: `SERVER_EXITED` |
 * | the server sends what makes no sense: a wrong ID, half a line, noise | `PROTOCOL` | on that thread `PROTOCOL` for those in flight; the rest wait for its reset, or for another server |
 * | the server closes one of its sockets | `SERVER_EXITED` | as when it dies |
 * | the server writes without end to stdout or stderr | its result | nothing; the logger gets it in pieces |
 * | the logger throws, rejects or is slow | nothing | nothing |
 * | 10,000 commands are queued at once | their results | they take their turns; the queue takes less than 20 MB beyond the parameters |
 * | the program ends without `close()`, is killed, or throws | | the server ends by itself, and nothing is left |
 * | Ctrl-C in a terminal | nothing, if the program handles `SIGINT`: the server is not told | the same |
 * | another client has the same `socketDir` | `CONFIG`, before anything is started | nothing |
 * | `reload()` is called | their results, of the old server or the new | nothing is lost; what had not been sent yet runs on the new server |
 * | `close()` is called, at any time, in a handler, twice | `CLOSED` | `CLOSED`; no process, socket, folder or timer is left, even of a server that ignores `SIGTERM` |
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
export type { CommandClient } from "./src/client/command_methods.ts";
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
export type {
  ServerExit,
  ServerMemory,
  ServerReady,
  ServerRestart,
  ServerState,
  ServerSuspension,
} from "./src/server/events.ts";
export type { ClientHealth, ThreadHealth } from "./src/server/health.ts";
export type { HealthOptions } from "./src/client/health_options.ts";
export { initJSockDClient, type StartOptions } from "./src/client/init.ts";
export type { ModuleClient, PreparedCommand } from "./src/client/module_client.ts";
export type { MessageHandler, RawRunOptions, RunOptions } from "./src/client/run_options.ts";
export type { Ask, Streamable, StreamOptions } from "./src/client/stream_options.ts";
export type { RawMessageHandler } from "./src/server/command.ts";
export type { LatencySummary } from "./src/client/latencies.ts";
export { permissionFlags } from "./src/client/permissions.ts";
export type {
  AutoDownloadOptions,
  DownloadProgress,
  InstallOptions,
} from "./src/release/options.ts";
export type { SandboxOptions } from "./src/sandbox/options.ts";
export { sandboxedServer } from "./src/sandbox/sandboxed_server.ts";
export type { ClientStats } from "./src/client/stats.ts";
export { JSOCKD_VERSION } from "./src/common/version.ts";
