/**
 * A JSockD server on QuickJS compiled to WebAssembly, for machines that have no jsockd, and for
 * JavaScript that must reach nothing: neither files nor the network nor the process exist in it.
 *
 * @module
 */

import "../common/runtime_check.ts";
import type { JSockDClient } from "../client/client.ts";
import type { JSockDConfig, ServerCommand } from "../config/config.ts";
import { initJSockDClient } from "../client/init.ts";

export type { ServerCommand } from "../config/config.ts";

/** Sets variables and then becomes another program; where every Unix has it. */
const ENV_PROGRAM = "/usr/bin/env";

/** What Deno itself goes by: where its cache is, and where it is to tell which code was run. */
const DENO_VARIABLES = ["DENO_DIR", "XDG_CACHE_HOME", "HOME", "DENO_COVERAGE_DIR"];

// Never called. An import that stands in the text is cached with this module, so that the program
// starts without a network.
const _program = () => [import("./command_line/main.ts"), import("./serve/quickjs_worker.ts")];

/**
 * Gives the command that starts the embedded server, for `initJSockDClient` or to add arguments to.
 * It has the permissions that listening on sockets takes, and drops most of them once it listens;
 * the threads in which JavaScript runs have none.
 *
 * Deno's cache is found through `DENO_DIR`, `XDG_CACHE_HOME` and `HOME`, if this program may read
 * them and may run `/usr/bin/env`. It needs no permission otherwise, except to run what it gives.
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
export function embeddedServer(): ServerCommand {
  const program = new URL("./command_line/main.ts", import.meta.url);
  return [
    ...withDenoVariables(Deno.execPath()),
    "run",
    "--quiet",
    "--no-prompt",
    // A checkout's configuration says what its imports mean, and its lock file which versions the
    // cache has; a published module needs neither.
    ...program.protocol === "file:" ? [] : ["--no-config"],
    // Threads that have no permissions, and that free an idle runtime's memory at once.
    "--unstable-worker-options",
    "--v8-flags=--expose-gc",
    "--allow-net",
    "--allow-read",
    "--allow-write",
    "--allow-env=JSOCKD_BYTECODE_MODULE_PUBLIC_KEY,JSOCKD_LOG_PREFIX",
    program.href,
  ];
}

/**
 * Starts an embedded server and connects to it.
 *
 * @param config What differs from `defaultConfig()`.
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
): Promise<JSockDClient> {
  return initJSockDClient(config, embeddedServer());
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
