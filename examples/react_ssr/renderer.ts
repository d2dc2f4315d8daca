import type { ServerCommand } from "@x/jsockd";
import { embeddedServer, type EngineName } from "@x/jsockd/embedded";

/** A server that can render the pages. */
export interface Renderer {
  /** The command that starts the server. */
  server: ServerCommand;
  /** The server's name in messages. */
  name: string;
}

/** Returns the jsockd in a path, or else the embedded server on an engine. */
export function selectRenderer(engine: string, jsockd: string | undefined): Renderer {
  if (jsockd !== undefined) return { server: jsockd, name: jsockd };
  // The function checks the engine's name.
  const server = embeddedServer({ engine: engine as EngineName });
  return { server, name: engine === "v8" ? "V8" : "QuickJS in WebAssembly" };
}
