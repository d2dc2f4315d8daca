import { App, staticFiles } from "fresh";
import { jsockd } from "@x/jsockd/fresh";

export const app = new App().use(staticFiles()).use(jsockd()).fsRoutes();
