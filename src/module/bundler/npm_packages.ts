import { join } from "@std/path";
import type { ModuleGraph, NpmPackage } from "./module_graph.ts";

/** An import from a package: which file of which package. */
export interface PackageImport {
  readonly package: NpmPackage;
  /** The path in it; empty for its main file. */
  readonly subpath: string;
}

/** Finds npm packages that lie in Deno's cache, where no `node_modules` says which is whose. */
export class NpmPackages {
  readonly #packages: ModuleGraph["packages"];
  readonly #realPaths: ReadonlyMap<NpmPackage, string>;
  readonly #manifests = new Map<string, Promise<Manifest>>();

  /** @param packages As the graph has them. */
  constructor(packages: ModuleGraph["packages"]) {
    this.#packages = packages;
    this.#realPaths = new Map(
      packages.values().map((npmPackage) => [npmPackage, realPath(npmPackage.localPath)]),
    );
  }

  /** Whether a file is in a package, and so none of the project's own. */
  has(path: string): boolean {
    return path.includes("/node_modules/") || this.ownerOf(path) !== undefined;
  }

  /** The package that a file is in, if it is in one; the path is a real one, as esbuild gives it. */
  ownerOf(path: string): NpmPackage | undefined {
    const [owner] = this.#realPaths.entries().find(([, folder]) => path.startsWith(`${folder}/`)) ??
      [];
    return owner;
  }

  /**
   * What a bare specifier means in a package.
   *
   * @returns Undefined if the package does not say, or has another mind about it in browsers.
   */
  async resolve(owner: NpmPackage, specifier: string): Promise<PackageImport | undefined> {
    const { name, subpath } = splitSpecifier(specifier);
    const manifest = await this.manifest(owner);
    const { browser } = manifest;
    if (typeof browser === "object" && Object.hasOwn(browser, specifier)) return undefined;
    // esbuild misses this where a folder of the package has a `package.json` of its own.
    if (name === owner.name) return { package: owner, subpath };
    const packageName = packageNameOf(manifest, name);
    const target = owner.dependencies.map((key) => this.#packages.get(key))
      .find((dependency) => dependency?.name === packageName);
    return target && { package: target, subpath };
  }

  /** A package's `package.json`. */
  manifest({ localPath }: NpmPackage): Promise<Manifest> {
    const present = this.#manifests.get(localPath);
    if (present !== undefined) return present;
    const manifest = Deno.readTextFile(join(localPath, "package.json")).then(JSON.parse);
    this.#manifests.set(localPath, manifest);
    return manifest;
  }
}

/** What is used of a `package.json`. */
export interface Manifest {
  readonly exports?: unknown;
  readonly browser?: string | Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Splits `npm:/@scope/name@1.0.0/sub/path`, with or without `npm:` and version. */
export function splitSpecifier(specifier: string): { name: string; subpath: string } {
  const [, name = specifier, subpath = ""] =
    /^(?:npm:\/?)?((?:@[^/]+\/)?[^/@]+)(?:@[^/]*)?(?:\/(.*))?$/.exec(specifier) ?? [];
  return { name, subpath };
}

/** A dependency may have another name than its package: `"old-react": "npm:react@17"`. */
function packageNameOf({ dependencies, optionalDependencies }: Manifest, name: string): string {
  const requirement = dependencies?.[name] ?? optionalDependencies?.[name] ?? "";
  return /^npm:(@?[^@]+)/.exec(requirement)?.[1] ?? name;
}

/** Where a path leads through symbolic links; packages for other platforms are not there at all. */
function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path;
  }
}
