import {
  buildModule,
  type BuildModuleOptions,
  type BuiltModule,
  loadBuiltModule,
  watchModule,
} from "../module/mod.ts";
import { defineCommand } from "./command.ts";
import { describeError } from "./report.ts";
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
    watch: { help: "build again each time a file changes, until Ctrl-C" },
  },

  async run(values, [entry = ""], signal) {
    const options = {
      entry,
      outDir: values.out ?? ".jsockd",
      jsockdExec: await provideServer(values, signal),
      minify: values.minify ?? false,
      sourceMap: !values["no-source-map"],
      ...(values.key === undefined ? {} : { privateKeyFile: values.key }),
      signal,
    };
    if (values.watch) await watch(options, signal);
    else print(await buildModule(options));
    return 0;
  },
});

/** Builds and prints each time an input changes, until the signal aborts. */
async function watch(options: BuildModuleOptions, signal: AbortSignal): Promise<void> {
  const interrupted = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => interrupted.resolve());
  let isAnnounced = false;
  await using _watcher = await watchModule({
    ...options,
    // Nothing runs the builds.
    client: { reload: () => Promise.resolve() },
    onBuild: (built) => {
      isAnnounced = true;
      print(built);
    },
    onError: (error) => {
      isAnnounced = true;
      console.error(describeError(error));
    },
  });
  // The watcher does not announce a build that was up to date when it started.
  if (!isAnnounced) print(await loadBuiltModule(options.outDir));
  console.error("Watching for changes; Ctrl-C ends it");
  await interrupted.promise;
}

function print(built: BuiltModule): void {
  console.log(JSON.stringify(built, null, 2));
}
