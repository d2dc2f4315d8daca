/**
 * Serves the application while it is developed; with the argument `build`, builds it. What JSockD runs
 * is compiled before, if it has changed.
 */
import { Builder } from "fresh/dev";
import "./jsockd/build.ts";

const builder = new Builder();
if (Deno.args.includes("build")) await builder.build();
else await builder.listen(() => import("./main.ts"));
