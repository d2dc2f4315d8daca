import { fromFileUrl } from "@std/path";
import type { ServerCommand } from "@x/jsockd";
import { buildModule, type BuiltModule } from "@x/jsockd/module";
import * as esbuild from "esbuild";
import { createRequire } from "node:module";

/** Bundles and compiles what JSockD runs; does nothing if it is up to date. */
export function buildServerModule(
  jsockdExec: ServerCommand,
  outDir: string,
): Promise<BuiltModule> {
  return buildModule({ entry: new URL("server.tsx", import.meta.url), outDir, jsockdExec });
}

/** Bundles what the browser runs. */
export async function buildBrowserScript(dev: boolean): Promise<string> {
  try {
    const { outputFiles: [script] } = await esbuild.build({
      entryPoints: [fromFileUrl(new URL("client.tsx", import.meta.url))],
      bundle: true,
      format: "esm",
      jsx: "automatic",
      minify: !dev,
      sourcemap: dev && "inline",
      define: { "process.env.NODE_ENV": dev ? '"development"' : '"production"' },
      plugins: [npmPackages],
      write: false,
    });
    return script!.text;
  } finally {
    await esbuild.stop();
  }
}

/** Finds npm packages where Deno keeps them, which esbuild does not know. */
const npmPackages: esbuild.Plugin = {
  name: "npm-packages",
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, importer }) => ({
      path: createRequire(importer).resolve(path),
    }));
  },
};
