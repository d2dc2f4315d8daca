import type { Loader, OnLoadArgs, Plugin } from "esbuild";
import type { ModuleGraph } from "./module_graph.ts";
import { NODE, type NodeBuiltIns } from "./node_built_ins.ts";
import type { NpmPackages } from "./npm_packages.ts";
import { REMOTE, Resolver } from "./resolver.ts";

const LOADERS: Readonly<Record<string, Loader>> = {
  TypeScript: "ts",
  Mts: "ts",
  TSX: "tsx",
  JSX: "jsx",
  Json: "json",
};

/** The modules that Deno has found for an entry point. */
export interface DenoModules {
  readonly graph: ModuleGraph;
  /** The npm packages of the graph. */
  readonly packages: NpmPackages;
  /** What is put in place of the built-ins of Node.js. */
  readonly builtIns: NodeBuiltIns;
  /** The source texts of remote modules, by URL. */
  readonly remoteModules: ReadonlyMap<string, string>;
  /** Reads a file; resolves to undefined if there is none. */
  readonly read: (path: string) => Promise<Uint8Array | undefined>;
}

/** Returns an esbuild plugin that resolves and loads modules as Deno does. */
export function denoPlugin(
  { graph, packages, builtIns, remoteModules, read }: DenoModules,
): Plugin {
  return {
    name: "deno",
    setup(build) {
      const resolver = new Resolver(graph, packages, builtIns, build.resolve);
      build.onResolve({ filter: /./ }, (args) => resolver.resolve(args));
      build.onLoad({ filter: /./, namespace: "file" }, async ({ path, with: attributes }) => {
        const contents = await read(path);
        if (contents === undefined) return { errors: [{ text: `Cannot find '${path}'` }] };
        return {
          contents: builtIns.has(path) ? builtIns.adapt(path, contents) : contents,
          loader: loaderFor(attributes) ?? "default",
        };
      });
      build.onLoad({ filter: /./, namespace: REMOTE }, ({ path, with: attributes }) => {
        const { mediaType = "" } = graph.find(path)!;
        return {
          contents: remoteModules.get(path)!,
          loader: loaderFor(attributes) ?? LOADERS[mediaType] ?? "js",
        };
      });
      build.onLoad(
        { filter: /./, namespace: NODE },
        ({ pluginData }) => builtIns.load(pluginData),
      );
      build.onEnd(({ errors }) =>
        errors.length > 0 ? undefined : { errors: resolver.unreportedErrors }
      );
    },
  };
}

function loaderFor({ type }: OnLoadArgs["with"]): Loader | undefined {
  return type === "text" ? "text" : type === "bytes" ? "binary" : undefined;
}
