/**
 * Serves a React application whose pages are rendered by JSockD:
 *
 *     deno task example:react [--port NUMBER] [--dev] [--jsockd PATH] [--out FOLDER]
 */
import { fromFileUrl } from "@std/path";
import { initJSockDClient } from "@x/jsockd";
import { embeddedServer } from "@x/jsockd/embedded";
import { parseArgs } from "node:util";
import { createApp } from "./app.ts";
import { buildBrowserScript, buildServerModule } from "./build.ts";

const { values: options } = parseArgs({
  options: {
    port: { type: "string", default: Deno.env.get("PORT") ?? "8000" },
    dev: { type: "boolean", default: false },
    jsockd: { type: "string" },
    out: { type: "string", default: fromFileUrl(new URL("build", import.meta.url)) },
  },
});

const server = options.jsockd ?? embeddedServer();
const serverModule = await buildServerModule(server, options.out);
const browserScript = await buildBrowserScript(options.dev);

await using client = await initJSockDClient(serverModule, server);
const http = Deno.serve(
  {
    port: Number(options.port),
    hostname: "localhost",
    onListen: ({ port }) => console.log(`Serving on http://localhost:${port}/`),
  },
  createApp({ client, browserScript, dev: options.dev }),
);

// What is under way is finished; a second signal ends the program at once.
const signals = ["SIGINT", "SIGTERM"] as const;
function stop(): void {
  for (const signal of signals) Deno.removeSignalListener(signal, stop);
  http.shutdown();
}
for (const signal of signals) Deno.addSignalListener(signal, stop);
await http.finished;
