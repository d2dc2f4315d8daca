/** Builds the module for JSockD and saves the configuration of its client. */
import { buildModule } from "@x/jsockd/module";
import { jsockdServer } from "./server.ts";

const config = await buildModule({
  entry: new URL("module.tsx", import.meta.url),
  outDir: "_jsockd",
  jsockdExec: jsockdServer(),
});
await Deno.writeTextFile("_jsockd/config.json", JSON.stringify(config));
