/**
 * A JSockD server on QuickJS compiled to WebAssembly, for machines that have no jsockd.
 *
 * @module
 */

import { initJSockDClient, type JSockDClient } from "../client.ts";
import type { JSockDConfig, ServerCommand } from "../config.ts";

/** The command line of the embedded server. */
export function embeddedServer(): ServerCommand {
  return [
    Deno.execPath(),
    "run",
    "--quiet",
    "--no-prompt",
    "--no-lock",
    "--unstable-worker-options",
    "--allow-net",
    "--allow-read",
    "--allow-write",
    "--allow-env=JSOCKD_BYTECODE_MODULE_PUBLIC_KEY,JSOCKD_LOG_PREFIX",
    new URL("./server.ts", import.meta.url).href,
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
