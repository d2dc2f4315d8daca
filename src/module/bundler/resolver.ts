import { fromFileUrl, toFileUrl } from "@std/path";
import type { OnResolveArgs, OnResolveResult, PartialMessage, PluginBuild } from "esbuild";
import { type GraphModule, isRemote, type ModuleGraph } from "./module_graph.ts";
import { isNodeBuiltIn, NODE, type NodeBuiltIns } from "./node_built_ins.ts";
import { type NpmPackages, type PackageImport, splitSpecifier } from "./npm_packages.ts";

/** The esbuild namespace of remote modules, which are in Deno's cache. */
export const REMOTE = "remote";

/** Marks requests that this plugin makes to esbuild, to break the recursion. */
const OWN_REQUEST = Symbol("own request");

/** Resolves imports for esbuild. */
export class Resolver {
  readonly #graph: ModuleGraph;
  readonly #packages: NpmPackages;
  readonly #builtIns: NodeBuiltIns;
  readonly #resolveByEsbuild: PluginBuild["resolve"];
  readonly #unparsed = new Set<GraphModule>();

  /**
   * Creates a resolver.
   *
   * @param graph The module graph, with imports as Deno has resolved them.
   * @param packages The packages in the graph.
   * @param builtIns What is put in place of the built-ins of Node.js.
   * @param resolveByEsbuild Resolves an import by esbuild's own rules.
   */
  constructor(
    graph: ModuleGraph,
    packages: NpmPackages,
    builtIns: NodeBuiltIns,
    resolveByEsbuild: PluginBuild["resolve"],
  ) {
    this.#graph = graph;
    this.#packages = packages;
    this.#builtIns = builtIns;
    this.#resolveByEsbuild = resolveByEsbuild;
  }

  /**
   * Errors that Deno has found in modules. To be used if esbuild, whose messages are better, has
   * none.
   */
  get unreportedErrors(): PartialMessage[] {
    return Array.from(this.#unparsed, ({ error = "" }) => ({ text: error }));
  }

  /** Resolves an import; returns undefined to leave it to esbuild. */
  async resolve(args: OnResolveArgs): Promise<OnResolveResult | undefined> {
    if (args.pluginData === OWN_REQUEST) return undefined;
    if (args.kind === "entry-point") return { path: args.path };
    if (args.namespace === NODE) return this.#builtIns.resolveDependency(args.path);
    if (this.#builtIns.has(args.importer)) return await this.#resolveInBuiltIn(args);
    if (![REMOTE, "file"].includes(args.namespace)) return undefined;
    return await this.#resolveAsDeno(args) ?? await this.#resolveBuiltIn(args);
  }

  async #resolveAsDeno(args: OnResolveArgs): Promise<OnResolveResult | undefined> {
    const importer = this.#graph.find(
      args.namespace === REMOTE ? args.importer : toFileUrl(args.importer).href,
    );
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
    if (importer.error !== undefined) {
      this.#unparsed.add(importer);
      return { path: args.path, external: true };
    }
    const target = importer.dependencies?.find(({ specifier }) => specifier === args.path)?.code;
    if (target?.error !== undefined) return { errors: [{ text: target.error }] };
    if (target?.specifier === undefined) return undefined;
    if (isNodeBuiltIn(target.specifier)) {
      return this.#builtIns.resolve(target.specifier, args.importer);
    }
    if (/^file:.*\/node_modules\//.test(target.specifier)) {
      return await this.#resolveInNodeModules(target.specifier, args);
    }
    const module = this.#graph.find(target.specifier);
    if (module?.npmPackage !== undefined) {
      const npmPackage = this.#graph.packages.get(module.npmPackage)!;
      const { subpath } = splitSpecifier(module.specifier);
      return await this.#resolveInPackage({ package: npmPackage, subpath }, args);
    }
    if (module?.specifier.startsWith("file:")) {
      // The file is missing or has a syntax error. esbuild reports either when it loads the file.
      if (module.error !== undefined) this.#unparsed.add(module);
      return { path: fromFileUrl(module.specifier) };
    }
    if (module?.error !== undefined) return { errors: [{ text: module.error }] };
    return module !== undefined && isRemote(module)
      ? { path: module.specifier, namespace: REMOTE }
      : undefined;
  }

  /**
   * Resolves a built-in of Node.js that a package imports; returns undefined for what is not one,
   * and for what esbuild resolves: a package of that name, or what the `browser` field says.
   */
  async #resolveBuiltIn(args: OnResolveArgs): Promise<OnResolveResult | undefined> {
    if (!isNodeBuiltIn(args.path)) return undefined;
    const { errors } = await this.#resolveFrom(args.resolveDir, args.path, args);
    return errors!.length === 0 ? undefined : this.#builtIns.resolve(args.path, args.importer);
  }

  /** Resolves an import in a file that a built-in is made of. */
  async #resolveInBuiltIn(args: OnResolveArgs): Promise<OnResolveResult> {
    if (!args.path.startsWith(".")) return this.#builtIns.resolveFrom(args.importer, args.path);
    const { path } = await this.#resolveFrom(args.resolveDir, args.path, args);
    return this.#builtIns.own(path!);
  }

  /** Lets esbuild choose the file: by `exports`, or by the fields for the main file. */
  async #resolveInPackage(
    { package: target, subpath }: PackageImport,
    args: OnResolveArgs,
  ): Promise<OnResolveResult> {
    const { exports } = await this.#packages.manifest(target);
    // An import of a package by its own name, from its own folder, resolves by its `exports`.
    const root = exports === undefined ? "." : target.name;
    const path = subpath === "" ? root : `${root}/${subpath}`;
    return await this.#resolveFrom(target.localPath, path, args);
  }

  /** Lets esbuild choose again, because in `node_modules` Deno chooses the files for Node.js. */
  async #resolveInNodeModules(
    chosen: string,
    args: OnResolveArgs,
  ): Promise<OnResolveResult> {
    const { name, subpath } = splitSpecifier(args.path);
    const path = subpath === "" ? name : `${name}/${subpath}`;
    const result = await this.#resolveFrom(args.resolveDir, path, args);
    // esbuild does not know the names in the project's import map.
    return result.errors?.length === 0 ? result : { path: fromFileUrl(chosen) };
  }

  async #resolveFrom(
    resolveDir: string,
    path: string,
    args: OnResolveArgs,
  ): Promise<OnResolveResult> {
    const { kind, importer, with: attributes } = args;
    const { errors, path: found, external, namespace, sideEffects } = await this.#resolveByEsbuild(
      path,
      { resolveDir, kind, importer, with: attributes, pluginData: OWN_REQUEST },
    );
    return { errors, path: found, external, namespace, sideEffects };
  }
}
