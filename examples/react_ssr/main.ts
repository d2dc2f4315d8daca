/**
 * Serves a React application whose pages JSockD renders:
 *
 *     deno task example:react [--engine v8|quickjs | --jsockd PATH] [--port NUMBER] [--dev]
 *                             [--out FOLDER]
 */
import { fromFileUrl } from "@std/path";
import { initJSockDClient } from "@x/jsockd";
import { buildModule, watchModule } from "@x/jsockd/module";
import { parseArgs } from "node:util";
import { createApp } from "./app.ts";
import { buildBrowserScript, serverModuleOptions } from "./build.ts";
import { selectRenderer } from "./renderer.ts";

const { values: options } = parseArgs({
  options: {
    engine: { type: "string", default: "v8" },
    port: { type: "string", default: Deno.env.get("PORT") ?? "8000" },
    dev: { type: "boolean", default: false },
    jsockd: { type: "string" },
    out: { type: "string", default: fromFileUrl(new URL("build", import.meta.url)) },
  },
});

const { server, name } = selectRenderer(options.engine, options.jsockd);
console.log(`Rendering on ${name} …`);
const moduleOptions = serverModuleOptions(server, options.out);
let browserScript = await buildBrowserScript(options.dev);

await using client = await initJSockDClient(
  // The data that a page waits for counts as its running time.
  { ...await buildModule(moduleOptions), maxCommandRuntimeUs: 2_000_000 },
  server,
);
await using _watcher = options.dev
  ? await watchModule({ ...moduleOptions, client, onBuild: rebuildBrowserScript })
  : undefined;
const http = Deno.serve(
  {
    port: Number(options.port),
    hostname: "localhost",
    onListen: ({ port }) => console.log(`Serving on http://localhost:${port}/`),
  },
  createApp({ client, engine: name, browserScript: () => browserScript, dev: options.dev }),
);

// Lets running requests finish. A terminal's signal may come twice, because `deno task` forwards
// it.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => http.shutdown());
}
await http.finished;

/** Rebuilds the browser's script, whose components must match those on the server. */
async function rebuildBrowserScript(): Promise<void> {
  try {
    browserScript = await buildBrowserScript(options.dev);
    console.log("Rebuilt");
  } catch (error) {
    console.error(error);
  }
}
