import { buildModule } from "../module/mod.ts";
import { defineCommand } from "./command.ts";
import { provideServer } from "./server.ts";
import { SERVER_OPTIONS } from "./server_options.ts";

/** `jsockd build`. */
export const command = defineCommand({
  description: "Bundles a file and all that it imports to one module, and has the server that\n" +
    "will load it compile it. Prints JSON: what goes into a client's configuration.",
  operands: { ENTRY: "the file whose exports commands get: TypeScript, JSX or JavaScript" },
  options: {
    ...SERVER_OPTIONS,
    out: { value: "DIR", help: "folder for what is built (.jsockd)" },
    key: { value: "FILE", help: "private key to sign with (one in the folder)" },
    minify: { help: "make the code small" },
    "no-source-map": { help: "have stack traces name places in the bundle" },
  },

  async run(values, [entry = ""], signal) {
    const built = await buildModule({
      entry,
      outDir: values.out ?? ".jsockd",
      jsockdExec: await provideServer(values, signal),
      minify: values.minify ?? false,
      sourceMap: !values["no-source-map"],
      ...(values.key === undefined ? {} : { privateKeyFile: values.key }),
    });
    // A build that is under way cannot be ended; a finished one is of no use to who wanted it to end.
    signal.throwIfAborted();
    console.log(JSON.stringify(built, null, 2));
    return 0;
  },
});
