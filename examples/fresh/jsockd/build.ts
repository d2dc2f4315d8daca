/** Builds the module for JSockD. */
import { buildModule } from "@x/jsockd/module";
import { jsockdServer } from "./server.ts";

await buildModule({
  entry: new URL("module.tsx", import.meta.url),
  outDir: "_jsockd",
  jsockdExec: jsockdServer(),
});
