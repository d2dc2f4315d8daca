import type { ServerCommand } from "@x/jsockd";
import { embeddedServer } from "@x/jsockd/embedded";

/** Returns the jsockd in the environment variable `JSOCKD`, or else the embedded server on V8. */
export function jsockdServer(): ServerCommand {
  return Deno.env.get("JSOCKD") || embeddedServer({ engine: "v8" });
}
