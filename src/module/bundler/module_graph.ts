import { dirname, fromFileUrl } from "@std/path";
import { runDeno } from "./run_deno.ts";

/** An import of a module, as Deno resolved it. */
export interface Dependency {
  /** What stands in the source. */
  readonly specifier: string;
  /** What it means; absent for an import of types only. */
  readonly code?: { readonly specifier?: string; readonly error?: string };
}

/** A module that Deno knows. */
export interface GraphModule {
  readonly specifier: string;
  /** Such as `TypeScript` or `Json`; absent for what has no text that Deno reads. */
  readonly mediaType?: string;
  /** The package that it is in, if it is of npm. */
  readonly npmPackage?: string;
  /** Why it could not be loaded. */
  readonly error?: string;
  readonly dependencies?: readonly Dependency[];
}

/** An npm package that Deno has put somewhere. */
export interface NpmPackage {
  readonly name: string;
  /** The keys of the packages that it depends on. */
  readonly dependencies: readonly string[];
  /** Its folder. */
  readonly localPath: string;
}

/** All that an entry imports, as Deno resolves it: by import maps, lock file, npm and JSR. */
export class ModuleGraph {
  readonly packages: ReadonlyMap<string, NpmPackage>;
  readonly #modules: ReadonlyMap<string, GraphModule>;
  readonly #redirects: Readonly<Record<string, string>>;

  private constructor(info: DenoInfo) {
    this.packages = new Map(Object.entries(info.npmPackages ?? {}));
    this.#modules = new Map(info.modules.map((module) => [module.specifier, module]));
    this.#redirects = info.redirects;
  }

  /** Asks Deno for the graph of an entry; it fetches what it has not got yet. */
  static async load(entry: URL): Promise<ModuleGraph> {
    const { success, stdout, stderr } = await runDeno(
      // Nothing of it is run here, so it may come from anywhere.
      ["info", "--quiet", "--json", "--allow-import", entry.href],
      dirname(fromFileUrl(entry)),
    );
    if (!success) throw new Error(stderr.replace(/^error: /, ""));
    return new ModuleGraph(JSON.parse(stdout));
  }

  /** The addresses of the modules of other hosts. */
  get remoteUrls(): string[] {
    return this.#modules.values().filter(isRemote).map(({ specifier }) => specifier).toArray();
  }

  /** The module that a specifier leads to. */
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

/** Whether a module is one of another host, and is there. */
export function isRemote({ specifier, mediaType }: GraphModule): boolean {
  return /^https?:/.test(specifier) && mediaType !== undefined;
}
