import { App, staticFiles } from "fresh";
import { sharedClient } from "./jsockd/client.ts";
import type { State } from "./utils.ts";

const client = await sharedClient();

export const app = new App<State>()
  .use(staticFiles())
  .use((ctx) => {
    ctx.state.client = client;
    return ctx.next();
  })
  .fsRoutes();
