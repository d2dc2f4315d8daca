/**
 * A JSockD server on QuickJS compiled to WebAssembly, for machines that have no jsockd.
 *
 * @module
 */

import type { ServerCommand } from "../config.ts";

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
