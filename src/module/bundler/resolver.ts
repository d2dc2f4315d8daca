import { fromFileUrl, toFileUrl } from "@std/path";
import type { OnResolveArgs, OnResolveResult, PartialMessage, PluginBuild } from "esbuild";
import { type GraphModule, isRemote, type ModuleGraph } from "./module_graph.ts";
import { type NpmPackages, type PackageImport, splitSpecifier } from "./npm_packages.ts";

/** The namespace of modules that are no files of the project, but kept by Deno. */
export const REMOTE = "remote";

/** Marks what esbuild itself is asked, lest it asks back. */
const ASKED = Symbol("asked");

/** Finds out what imports mean. */
export class Resolver {
  readonly #graph: ModuleGraph;
  readonly #packages: NpmPackages;
  readonly #askEsbuild: PluginBuild["resolve"];
  readonly #unparsed = new Set<GraphModule>();

  /**
   * Makes a resolver.
   *
   * @param graph What imports of modules mean to Deno.
   * @param packages The packages that they lead to.
   * @param askEsbuild Finds out what they mean to esbuild, which knows packages well.
   */
  constructor(graph: ModuleGraph, packages: NpmPackages, askEsbuild: PluginBuild["resolve"]) {
    this.#graph = graph;
    this.#packages = packages;
    this.#askEsbuild = askEsbuild;
  }

  /** What Deno found wrong in modules in which esbuild, which says it better, found nothing. */
  get leftErrors(): PartialMessage[] {
    return Array.from(this.#unparsed, ({ error = "" }) => ({ text: error }));
  }

  /** What an import means; undefined if esbuild knows. */
  async resolve(args: OnResolveArgs): Promise<OnResolveResult | undefined> {
    if (args.pluginData === ASKED) return undefined;
    if (args.kind === "entry-point") return { path: args.path };
    if (![REMOTE, "file"].includes(args.namespace)) return undefined;
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
    if (target.specifier.startsWith("node:")) {
      return { errors: [{ text: `Cannot import "${args.path}": servers are not Node.js` }] };
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
      // Either it is not there, or it does not parse: loading it will tell.
      if (module.error !== undefined) this.#unparsed.add(module);
      return { path: fromFileUrl(module.specifier) };
    }
    if (module?.error !== undefined) return { errors: [{ text: module.error }] };
    return module !== undefined && isRemote(module)
      ? { path: module.specifier, namespace: REMOTE }
      : undefined;
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

  /** In `node_modules` Deno chooses the files for Node.js; here others are right. */
  async #resolveInNodeModules(
    chosen: string,
    args: OnResolveArgs,
  ): Promise<OnResolveResult> {
    const { name, subpath } = splitSpecifier(args.path);
    const path = subpath === "" ? name : `${name}/${subpath}`;
    const result = await this.#ask(path, args.resolveDir, args);
    // Names of the project's own, from its import map, are unknown to esbuild.
    return result.errors?.length === 0 ? result : { path: fromFileUrl(chosen) };
  }

  async #ask(path: string, resolveDir: string, args: OnResolveArgs): Promise<OnResolveResult> {
    const { kind, importer, with: attributes } = args;
    const { errors, path: found, external, namespace, sideEffects } = await this.#askEsbuild(
      path,
      { resolveDir, kind, importer, with: attributes, pluginData: ASKED },
    );
    return { errors, path: found, external, namespace, sideEffects };
  }
}
