import type { Loader, OnLoadArgs, Plugin } from "esbuild";
import type { ModuleGraph } from "./module_graph.ts";
import type { NpmPackages } from "./npm_packages.ts";
import { REMOTE, Resolver } from "./resolver.ts";

const LOADERS: Readonly<Record<string, Loader>> = {
  TypeScript: "ts",
  Mts: "ts",
  TSX: "tsx",
  JSX: "jsx",
  Json: "json",
};

/** The modules that Deno has found. */
export interface DenoModules {
  readonly graph: ModuleGraph;
  /** The packages in it. */
  readonly packages: NpmPackages;
  /** The texts of the modules of other hosts, by address. */
  readonly remoteModules: ReadonlyMap<string, string>;
  /** Reads a file; undefined if there is none. */
  readonly read: (path: string) => Promise<Uint8Array | undefined>;
}

/** Has esbuild find modules where Deno does. */
export function denoPlugin({ graph, packages, remoteModules, read }: DenoModules): Plugin {
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
      build.onLoad({ filter: /./, namespace: REMOTE }, ({ path, with: attributes }) => {
        const { mediaType = "" } = graph.find(path)!;
        return {
          contents: remoteModules.get(path)!,
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
