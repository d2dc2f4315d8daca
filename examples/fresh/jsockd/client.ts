import { initJSockDClient, type JSockDClient } from "@x/jsockd";
import { loadBuiltModule } from "@x/jsockd/module";
import type { CounterProps } from "../components/Counter.tsx";
import { jsockdServer } from "./server.ts";

/** Starts a client with the module that `build.ts` has built. */
export async function startClient(): Promise<JSockDClient> {
  return await initJSockDClient(await loadBuiltModule("_jsockd"), jsockdServer());
}

/** Renders the HTML inside the island. */
export function renderCounter(client: JSockDClient, props: CounterProps): Promise<string> {
  return client.run<string>("(m, p) => m.renderCounter(p)", props);
}
