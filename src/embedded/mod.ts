/**
 * Two JSockD servers that need no jsockd. Each is a Deno process. One runs commands on V8, at the
 * speed of Deno itself: it is for pages and templates of your own. The other runs them in QuickJS,
 * compiled to WebAssembly: it is for code of strangers. Commands reach neither files nor the
 * network nor the process in either.
 *
 * @example A page at V8's speed, with a time limit
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { initEmbeddedJSockDClient } from "@x/jsockd/embedded";
 *
 * await using client = await initEmbeddedJSockDClient(
 *   { nThreads: 1, maxCommandRuntimeUs: 100_000 },
 *   { engine: "v8" },
 * );
 * assertEquals(await client.run((_, name: string) => `<p>Hello ${name}</p>`, "you"), "<p>Hello you</p>");
 * ```
 *
 * @module
 */

import "../common/runtime_check.ts";
import { programArguments } from "../common/program_arguments.ts";
import type { EngineName } from "./engines/engine.ts";
import type { JSockDClient } from "../client/client.ts";
import type { JSockDConfig, ServerCommand } from "../config/config.ts";
import { initJSockDClient } from "../client/init.ts";
import { ENGINE_FLAG } from "../config/server_command.ts";
import { checkFields, type FieldChecks, integer, oneOf } from "../config/field_checks.ts";

export type { ServerCommand } from "../config/config.ts";
export type { EngineName } from "./engines/engine.ts";

/** Options of {@linkcode embeddedServer}. */
export interface EmbeddedServerOptions {
  /**
   * The engine that runs the commands. `"quickjs"` is QuickJS, compiled to WebAssembly, for code of
   * strangers. `"v8"` is V8, in workers without permissions, for pages and templates of your own.
   * Default: `"quickjs"`.
   */
  engine?: EngineName;
  /**
   * The memory limit of the server's process, in MiB. A server that exceeds it exits with an error
   * in the log, and the client starts another one. Default: 512, plus 128 for each thread on V8, or
   * 320 for each thread in QuickJS, where no thread can take more than 256.
   */
  maxMemoryMb?: number;
}

const CHECKS: FieldChecks<EmbeddedServerOptions> = {
  engine: oneOf("quickjs", "v8"),
  maxMemoryMb: integer(64, 1_048_576),
};

/** Sets environment variables and then runs a program. Every Unix has it at this path. */
const ENV_PROGRAM = "/usr/bin/env";

/** The variables that Deno itself reads: where its cache is, and where it writes coverage. */
const DENO_VARIABLES = ["DENO_DIR", "XDG_CACHE_HOME", "HOME", "DENO_COVERAGE_DIR"];

// Never called. Deno caches what a module imports together with that module, so the server needs no
// network to start.
const _program = () => [
  import("./command_line/main.ts"),
  import("./serve/quickjs_worker.ts"),
  import("./serve/v8_worker.ts"),
  import("./serve/socket_remover_worker.ts"),
];

/**
 * Returns the command that starts an embedded server. Pass it to `initJSockDClient`, or run it with
 * arguments of jsockd. The server starts with the permissions to listen on sockets, and drops most
 * of them once it listens. The workers in which JavaScript runs have no permissions.
 *
 * The server finds Deno's cache through `DENO_DIR`, `XDG_CACHE_HOME` and `HOME`, if this program
 * may read these variables and run `/usr/bin/env`. Otherwise this program only needs the permission
 * to run Deno.
 *
 * @param options The engine and the memory limit.
 * @returns The executable and its leading arguments.
 * @throws {JSockDClientError} `CONFIG` if an option is unknown or its value is out of range.
 *
 * @example Use
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { initJSockDClient } from "@x/jsockd";
 * import { embeddedServer } from "@x/jsockd/embedded";
 *
 * await using client = await initJSockDClient({ nThreads: 1 }, embeddedServer());
 * assertEquals(await client.run("(_, n) => n + 1", 41), 42);
 * ```
 */
export function embeddedServer(options: EmbeddedServerOptions = {}): ServerCommand {
  const { engine = "quickjs", maxMemoryMb } = checkFields(options, CHECKS, "embedded server");
  const program = new URL("./command_line/main.ts", import.meta.url);
  return [
    ...withDenoVariables(Deno.execPath()),
    ...programArguments(program, [
      // Allows workers without permissions.
      "--unstable-worker-options",
      // The heap of one worker may be as large as the limit of the whole process. So the server
      // notices its limit first, and logs it, before V8 ends the process without a log entry.
      ...maxMemoryMb === undefined ? [] : [`--v8-flags=--max-old-space-size=${maxMemoryMb}`],
      "--allow-net",
      "--allow-read",
      "--allow-write",
      "--allow-env=JSOCKD_BYTECODE_MODULE_PUBLIC_KEY,JSOCKD_LOG_PREFIX",
    ]),
    ENGINE_FLAG,
    engine,
    ...maxMemoryMb === undefined ? [] : ["--max-memory", String(maxMemoryMb)],
  ];
}

/**
 * Starts an embedded server and connects to it.
 *
 * @param config The fields that differ from `defaultConfig()`.
 * @param options The engine and the memory limit.
 * @returns The client, which must be closed.
 * @throws {JSockDClientError} For the same reasons as `initJSockDClient`.
 *
 * @example Commands cannot reach Deno
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { initEmbeddedJSockDClient } from "@x/jsockd/embedded";
 *
 * await using client = await initEmbeddedJSockDClient({ nThreads: 1 });
 * assertEquals(await client.run("() => typeof Deno"), "undefined");
 * ```
 */
export function initEmbeddedJSockDClient(
  config: Partial<JSockDConfig> = {},
  options: EmbeddedServerOptions = {},
): Promise<JSockDClient> {
  return initJSockDClient(config, embeddedServer(options));
}

/**
 * Adds Deno's variables: the client starts servers with an empty environment, without its cache.
 */
function withDenoVariables(executable: string): [string, ...string[]] {
  const settings = DENO_VARIABLES.filter((variable) => isGranted({ name: "env", variable }))
    .map((variable) => [variable, Deno.env.get(variable)] as const)
    .filter(([, value]) => value !== undefined)
    .map(([variable, value]) => `${variable}=${value}`);
  return settings.length > 0 && isGranted({ name: "run", command: ENV_PROGRAM })
    ? [ENV_PROGRAM, ...settings, executable]
    : [executable];
}

function isGranted(permission: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(permission).state === "granted";
}
