import { Builder } from "fresh/dev";
import { buildIslands } from "@x/jsockd/fresh";

await buildIslands();
const builder = new Builder();
if (Deno.args.includes("build")) await builder.build();
else await builder.listen(() => import("./main.ts"));
