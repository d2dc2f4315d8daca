import type { JSockDConfig, ServerCommand } from "@x/jsockd";
import { embeddedServer } from "@x/jsockd/embedded";

/** The port of the HTTP server. The Dockerfile allows it, and no other. */
export const PORT = 8000;

/** How long requests still come in after SIGTERM, until the load balancer knows. */
export const DRAIN_MS = 5_000;

/** Where `build.ts` puts what `main.ts` loads. */
export const BUILT = `${import.meta.dirname}/built`;

/** What renders the pages: the same when the module is built, and when it runs. */
export const server: ServerCommand = embeddedServer({ engine: "v8" });

const denoDir = Deno.env.get("DENO_DIR");

/** The configuration without the module. The Dockerfile's flags follow from it. */
export const config: Partial<JSockDConfig> = {
  // As many as the pod has cores.
  nThreads: 2,
  socketDir: "/tmp/jsockd",
  // The pod's limit has room for this and for the program itself.
  maxMemoryBytes: 512 * 1024 * 1024,
  // A server inherits no variable, but must find Deno's cache in the image.
  env: denoDir === undefined ? {} : { DENO_DIR: denoDir },
};
