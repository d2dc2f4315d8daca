import type { Loader, OnLoadArgs, Plugin } from "esbuild";
import type { ModuleGraph } from "./module_graph.ts";
import type { NpmPackages } from "./npm_packages.ts";
import { REMOTE, Resolver } from "./resolver.ts";

/** Deno ends what it keeps of a remote module with a comment, which is no JSON. */
const CACHE_COMMENT = /\n\/\/ denoCacheMetadata=.*\s*$/;

const LOADERS: Readonly<Record<string, Loader>> = {
  TypeScript: "ts",
  Mts: "ts",
  TSX: "tsx",
  JSX: "jsx",
  Json: "json",
};

/**
 * Has esbuild find modules where Deno does.
 *
 * @param graph The modules.
 * @param packages The packages among them.
 * @param read Reads a file; undefined if there is none.
 */
export function denoPlugin(
  graph: ModuleGraph,
  packages: NpmPackages,
  read: (path: string) => Promise<Uint8Array | undefined>,
): Plugin {
  return {
    name: "deno",
    setup(build) {
      const resolver = new Resolver(graph, packages, build.resolve);
      build.onResolve({ filter: /./ }, (args) => resolver.resolve(args));
      build.onLoad({ filter: /./, namespace: "file" }, async ({ path, with: attributes }) => {
        const contents = await read(path);
        if (contents === undefined) return { errors: [{ text: `Cannot find '${path}'` }] };
        return { contents, loader: loaderFor(attributes) ?? "default" };
      });
      build.onLoad({ filter: /./, namespace: REMOTE }, async ({ path, with: attributes }) => {
        const { local, mediaType = "" } = graph.find(path)!;
        return {
          contents: new TextDecoder().decode(await read(local!)).replace(CACHE_COMMENT, ""),
          loader: loaderFor(attributes) ?? LOADERS[mediaType] ?? "js",
        };
      });
      build.onEnd(({ errors }) => errors.length > 0 ? undefined : { errors: resolver.leftErrors });
    },
  };
}

function loaderFor({ type }: OnLoadArgs["with"]): Loader | undefined {
  return type === "text" ? "text" : type === "bytes" ? "binary" : undefined;
}
