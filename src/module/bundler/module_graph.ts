import { dirname, fromFileUrl } from "@std/path";
import { runDeno } from "./run_deno.ts";

/** An import in a module, as Deno has resolved it. */
export interface Dependency {
  /** The specifier in the source text. */
  readonly specifier: string;
  /** The resolved specifier, or an error; absent for an import of types only. */
  readonly code?: { readonly specifier?: string; readonly error?: string };
}

/** A module in the graph. */
export interface GraphModule {
  readonly specifier: string;
  /** Such as `TypeScript` or `Json`; absent for a module that Deno does not read. */
  readonly mediaType?: string;
  /** The key of the npm package that the module is in, if any. */
  readonly npmPackage?: string;
  /** Why the module could not be loaded. */
  readonly error?: string;
  readonly dependencies?: readonly Dependency[];
}

/** An npm package that Deno has installed. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** The keys of the packages that it depends on. */
  readonly dependencies: readonly string[];
  /** The folder of the package. */
  readonly localPath: string;
}

/** The modules and packages that an entry point imports, as Deno resolves them. */
export class ModuleGraph {
  readonly packages: ReadonlyMap<string, NpmPackage>;
  readonly #modules: ReadonlyMap<string, GraphModule>;
  readonly #redirects: Readonly<Record<string, string>>;

  private constructor(info: DenoInfo) {
    this.packages = new Map(
      Object.entries(info.npmPackages ?? {}).map(([key, npmPackage]) => [
        key,
        { ...npmPackage, localPath: installedPath(npmPackage.localPath) },
      ]),
    );
    this.#modules = new Map(info.modules.map((module) => [module.specifier, module]));
    this.#redirects = info.redirects;
  }

  /** Loads the graph of an entry point from Deno, which fetches what is not in its cache. */
  static async load(entry: URL): Promise<ModuleGraph> {
    const { success, stdout, stderr } = await runDeno(
      // No module is run, so modules may come from any host.
      ["info", "--quiet", "--json", "--allow-import", entry.href],
      dirname(fromFileUrl(entry)),
    );
    if (!success) throw new Error(stderr.replace(/^error: /, ""));
    return new ModuleGraph(JSON.parse(stdout));
  }

  /** The URLs of all remote modules. */
  get remoteUrls(): string[] {
    return this.#modules.values().filter(isRemote).map(({ specifier }) => specifier).toArray();
  }

  /** Returns the module of a specifier, following redirects. */
  find(specifier: string): GraphModule | undefined {
    let target = specifier;
    while (this.#redirects[target] !== undefined) target = this.#redirects[target]!;
    return this.#modules.get(target);
  }
}

interface DenoInfo {
  readonly modules: readonly GraphModule[];
  readonly redirects: Readonly<Record<string, string>>;
  readonly npmPackages?: Readonly<Record<string, NpmPackage>>;
}

/** Returns whether a module comes from another host and was loaded. */
export function isRemote({ specifier, mediaType }: GraphModule): boolean {
  return /^https?:/.test(specifier) && mediaType !== undefined;
}

/**
 * Where a new dependency is a peer of a package in the lock file, Deno names a copy of that package,
 * such as `10.0.0_1`, that it never makes. The package itself is in `10.0.0`.
 */
function installedPath(path: string): string {
  return exists(path) ? path : path.replace(/_\d+$/, "");
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
