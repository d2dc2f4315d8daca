import { App, staticFiles } from "fresh";
import { startClient } from "./jsockd/client.ts";
import type { State } from "./utils.ts";

const client = await startClient();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, async () => {
    await client.close();
    Deno.exit();
  });
}

export const app = new App<State>()
  .use(staticFiles())
  .use((ctx) => {
    ctx.state.client = client;
    return ctx.next();
  })
  .fsRoutes();
