import { buildModule } from "../module/mod.ts";
import { defineCommand } from "./command.ts";
import { provideServer } from "./server.ts";
import { SERVER_OPTIONS } from "./server_options.ts";

/** The command `jsockd build`. */
export const command = defineCommand({
  description: "Bundles an entry point and everything it imports into one module, compiles it\n" +
    "with the server that will load it, and signs it. Prints the fields for a\n" +
    "client's configuration as JSON. 'jsockd run --module DIR' uses the build.",
  operands: { ENTRY: "the entry point: TypeScript, JSX or JavaScript" },
  options: {
    ...SERVER_OPTIONS,
    out: { value: "DIR", help: "output folder (.jsockd)" },
    key: { value: "FILE", help: "private key to sign with (one in the output folder)" },
    minify: { help: "minify the code" },
    "no-source-map": { help: "let stack traces name positions in the bundle" },
  },

  async run(values, [entry = ""], signal) {
    const built = await buildModule({
      entry,
      outDir: values.out ?? ".jsockd",
      jsockdExec: await provideServer(values, signal),
      minify: values.minify ?? false,
      sourceMap: !values["no-source-map"],
      ...(values.key === undefined ? {} : { privateKeyFile: values.key }),
      signal,
    });
    console.log(JSON.stringify(built, null, 2));
    return 0;
  },
});
