import { initJSockDClient, type JSockDClient } from "@x/jsockd";
import type { CounterProps } from "../components/Counter.tsx";
import { jsockdExecutable } from "./executable.ts";

const shared = globalThis as { jsockdClient?: Promise<JSockDClient> };

/**
 * The application's only client. In development Vite evaluates files again when they change; what
 * hangs on `globalThis` stays.
 */
export function sharedClient(): Promise<JSockDClient> {
  return shared.jsockdClient ??= startSharedClient();
}

async function startSharedClient(): Promise<JSockDClient> {
  const client = await startClient();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, async () => {
      await client.close();
      Deno.exit();
    });
  }
  return client;
}

/** Starts a client with the module that `build.ts` has compiled. */
export async function startClient(): Promise<JSockDClient> {
  const config = JSON.parse(await Deno.readTextFile("_jsockd/config.json"));
  return await initJSockDClient(config, await jsockdExecutable());
}

/** Renders what is inside the island. */
export function renderCounter(client: JSockDClient, props: CounterProps): Promise<string> {
  return client.run<string>("(m, p) => m.renderCounter(p)", props);
}
