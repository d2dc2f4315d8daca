import { fromFileUrl, toFileUrl } from "@std/path";
import type {
  Loader,
  OnLoadArgs,
  OnResolveArgs,
  OnResolveResult,
  Plugin,
  PluginBuild,
} from "esbuild";
import type { GraphModule, ModuleGraph } from "./module_graph.ts";
import { NpmPackages, type PackageImport, splitSpecifier } from "./npm_packages.ts";

/** Marks what the plugin itself asks esbuild, which must not be asked of the plugin again. */
const ASKED = Symbol("asked");

/** The namespace of modules that are no files of the project: `https:`, `jsr:`, `data:`. */
const REMOTE = "remote";

/** Deno ends what it keeps of a remote module with a comment, which is no JSON. */
const CACHE_COMMENT = /\n\/\/ denoCacheMetadata=.*\s*$/;

const LOADERS: Readonly<Record<string, Loader>> = {
  TypeScript: "ts",
  Mts: "ts",
  TSX: "tsx",
  JSX: "jsx",
  Json: "json",
};

/** Has esbuild find modules where Deno does. */
export function denoPlugin(
  graph: ModuleGraph,
  read: (path: string) => Promise<Uint8Array>,
): Plugin {
  return {
    name: "deno",
    setup(build) {
      const resolver = new Resolver(graph, build);
      build.onResolve({ filter: /./ }, (args) => resolver.resolve(args));
      build.onLoad({ filter: /./, namespace: "file" }, async ({ path, with: attributes }) => ({
        contents: await read(path),
        loader: loaderFor(attributes) ?? "default",
      }));
      build.onLoad({ filter: /./, namespace: REMOTE }, async ({ path, with: attributes }) => {
        const { local, mediaType = "" } = graph.find(path)!;
        const text = new TextDecoder().decode(await read(local!));
        return {
          contents: text.replace(CACHE_COMMENT, ""),
          loader: loaderFor(attributes) ?? LOADERS[mediaType] ?? "js",
        };
      });
    },
  };
}

function loaderFor({ type }: OnLoadArgs["with"]): Loader | undefined {
  return type === "text" ? "text" : type === "bytes" ? "binary" : undefined;
}

class Resolver {
  readonly #graph: ModuleGraph;
  readonly #packages: NpmPackages;
  readonly #build: PluginBuild;

  constructor(graph: ModuleGraph, build: PluginBuild) {
    this.#graph = graph;
    this.#packages = new NpmPackages(graph.packages);
    this.#build = build;
  }

  /** What an import means; undefined if esbuild itself knows. */
  async resolve(args: OnResolveArgs): Promise<OnResolveResult | undefined> {
    if (args.pluginData === ASKED) return undefined;
    if (args.kind === "entry-point") return { path: args.path };
    const specifier = args.namespace === REMOTE ? args.importer : toFileUrl(args.importer).href;
    const importer = this.#graph.find(specifier);
    if (importer !== undefined) return await this.#resolveFromModule(importer, args);
    const owner = this.#packages.ownerOf(args.importer);
    if (owner === undefined || /^[./#]|^data:/.test(args.path)) return undefined;
    const target = await this.#packages.resolve(owner, args.path);
    return target && await this.#resolveInPackage(target, args);
  }

  async #resolveFromModule(
    importer: GraphModule,
    args: OnResolveArgs,
  ): Promise<OnResolveResult | undefined> {
    const target = importer.dependencies?.find(({ specifier }) => specifier === args.path)?.code;
    if (target?.error !== undefined) return { errors: [{ text: target.error }] };
    if (target?.specifier === undefined) return undefined;
    const module = this.#graph.find(target.specifier);
    if (module?.npmPackage !== undefined) {
      const npmPackage = this.#graph.packages.get(module.npmPackage)!;
      const { subpath } = splitSpecifier(module.specifier);
      return await this.#resolveInPackage({ package: npmPackage, subpath }, args);
    }
    if (module?.local !== undefined) {
      return module.specifier.startsWith("file:")
        ? { path: module.local }
        : { path: module.specifier, namespace: REMOTE };
    }
    if (module?.error !== undefined) return { errors: [{ text: module.error }] };
    return await this.#resolveInNodeModules(target.specifier, args);
  }

  /** Has esbuild choose the file: by `exports`, or by the field that names the main file. */
  async #resolveInPackage(
    { package: target, subpath }: PackageImport,
    args: OnResolveArgs,
  ): Promise<OnResolveResult> {
    const { exports } = await this.#packages.manifest(target);
    // A package may import itself by its name, and gets what its `exports` say.
    const root = exports === undefined ? "." : target.name;
    const path = subpath === "" ? root : `${root}/${subpath}`;
    return await this.#ask(path, target.localPath, args);
  }

  /** With a `node_modules` Deno resolves as Node.js does; for this runtime other files are right. */
  async #resolveInNodeModules(
    resolved: string,
    args: OnResolveArgs,
  ): Promise<OnResolveResult | undefined> {
    if (!resolved.startsWith("file:")) return undefined;
    const { name, subpath } = splitSpecifier(args.path);
    const path = args.path.startsWith("npm:") ? `${name}/${subpath}`.replace(/\/$/, "") : args.path;
    const result = await this.#ask(path, args.resolveDir, args);
    return result.errors?.length === 0 ? result : { path: fromFileUrl(resolved) };
  }

  async #ask(path: string, resolveDir: string, args: OnResolveArgs): Promise<OnResolveResult> {
    const { kind, importer, with: attributes } = args;
    const { errors, path: found, external, namespace, sideEffects } = await this.#build.resolve(
      path,
      { resolveDir, kind, importer, with: attributes, pluginData: ASKED },
    );
    return { errors, path: found, external, namespace, sideEffects };
  }
}
