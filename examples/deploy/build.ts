/** Builds the module that renders the pages. Runs while the image is built. */
import { buildModule } from "@x/jsockd/module";
import { BUILT, server } from "./config.ts";

await buildModule({
  entry: new URL("site.tsx", import.meta.url),
  outDir: BUILT,
  jsockdExec: server,
});
