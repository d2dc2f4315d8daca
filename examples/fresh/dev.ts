/**
 * Serves the application in development, or builds it if the argument is `build`. The module for
 * JSockD is built first, if it has changed.
 */
import { Builder } from "fresh/dev";
import "./jsockd/build.ts";

const builder = new Builder();
if (Deno.args.includes("build")) await builder.build();
else await builder.listen(() => import("./main.ts"));
