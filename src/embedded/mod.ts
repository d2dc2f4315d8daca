/**
 * Two JSockD servers that need no jsockd, each a Deno process: on V8, for pages and templates of your
 * own, at the speed of Deno itself; and on QuickJS compiled to WebAssembly, for JavaScript of others.
 * Neither files nor the network nor the process exist in either.
 *
 * @example A page at V8's speed, with a limit that holds
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
import type { EngineName } from "./engines/engine.ts";
import type { JSockDClient } from "../client/client.ts";
import type { JSockDConfig, ServerCommand } from "../config/config.ts";
import { initJSockDClient } from "../client/init.ts";
import { ENGINE_FLAG } from "../config/server_command.ts";
import { checkFields, type FieldChecks, integer, oneOf } from "../config/field_checks.ts";

export type { ServerCommand } from "../config/config.ts";
export type { EngineName } from "./engines/engine.ts";

/** Which embedded server to start, and how. */
export interface EmbeddedServerOptions {
  /**
   * What runs the commands. Default `"quickjs"`: QuickJS, compiled to WebAssembly, for code of others.
   * `"v8"`: V8, in threads without permissions, for code of your own: pages and templates.
   */
  engine?: EngineName;
  /**
   * The memory that the server's process may take, in MiB. A server that takes more ends, and the log
   * says why; the client then starts another. Default: 512, and 128 for each thread on V8, 320 on
   * QuickJS, which never takes more than 256 for one.
   */
  maxMemoryMb?: number;
}

const CHECKS: FieldChecks<EmbeddedServerOptions> = {
  engine: oneOf("quickjs", "v8"),
  maxMemoryMb: integer(64, 1_048_576),
};

/** Sets variables and then becomes another program; where every Unix has it. */
const ENV_PROGRAM = "/usr/bin/env";

/** What Deno itself goes by: where its cache is, and where it is to tell which code was run. */
const DENO_VARIABLES = ["DENO_DIR", "XDG_CACHE_HOME", "HOME", "DENO_COVERAGE_DIR"];

// Never called. An import that stands in the text is cached with this module, so that the program
// starts without a network.
const _program = () => [
  import("./command_line/main.ts"),
  import("./serve/quickjs_worker.ts"),
  import("./serve/v8_worker.ts"),
];

/**
 * Returns the command that starts an embedded server, for `initJSockDClient` or to add arguments to.
 * It has the permissions that listening on sockets takes, and drops most of them once it listens;
 * the threads in which JavaScript runs have none.
 *
 * Deno's cache is found through `DENO_DIR`, `XDG_CACHE_HOME` and `HOME`, if this program may read
 * them and may run `/usr/bin/env`. It needs no permission otherwise, except to run what it returns.
 *
 * @param options Which engine runs the commands, and how much memory they may take.
 * @returns The executable and its leading arguments.
 * @throws {JSockDClientError} `CONFIG` if an option is unknown or has a value that it cannot have.
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
    "run",
    "--quiet",
    "--no-prompt",
    // A checkout's configuration says what its imports mean, and its lock file which versions the
    // cache has; a published module needs neither.
    ...program.protocol === "file:" ? [] : ["--no-config"],
    // Threads that have no permissions.
    "--unstable-worker-options",
    // A heap of more than the server may take: that limit is noticed first, and has words for it.
    ...maxMemoryMb === undefined ? [] : [`--v8-flags=--max-old-space-size=${maxMemoryMb}`],
    "--allow-net",
    "--allow-read",
    "--allow-write",
    "--allow-env=JSOCKD_BYTECODE_MODULE_PUBLIC_KEY,JSOCKD_LOG_PREFIX",
    program.href,
    ...engine === "quickjs" ? [] : [ENGINE_FLAG, engine],
    ...maxMemoryMb === undefined ? [] : ["--max-memory", String(maxMemoryMb)],
  ];
}

/**
 * Starts an embedded server and connects to it.
 *
 * @param config What differs from `defaultConfig()`.
 * @param options Which engine runs the commands, and how much memory they may take.
 * @returns The client, which must be closed.
 * @throws {JSockDClientError} as `initJSockDClient`.
 *
 * @example JavaScript out of reach of the program
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

/** The client starts servers with an empty environment, in which Deno would look for another cache. */
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
