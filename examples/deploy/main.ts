/** Serves the page, and ends without losing a request when it gets SIGTERM. */
import { initJSockDClient } from "@x/jsockd";
import { loadBuiltModule } from "@x/jsockd/module";
import { createApp } from "./app.ts";
import { BUILT, config, DRAIN_MS, PORT, server } from "./config.ts";

await using client = await initJSockDClient({ ...config, ...await loadBuiltModule(BUILT) }, server);
const draining = new AbortController();
const http = Deno.serve({ hostname: "0.0.0.0", port: PORT }, createApp(client, draining.signal));

// From now on the process is not ready. Requests come until the load balancer has noticed; then the
// listener closes, and what is in flight finishes. At the end of the program the client closes.
draining.signal.addEventListener("abort", () => setTimeout(() => http.shutdown(), DRAIN_MS));
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => draining.abort());
}
await http.finished;
