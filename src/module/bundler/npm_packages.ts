import { join } from "@std/path";
import type { ModuleGraph, NpmPackage } from "./module_graph.ts";

/** An import of a file in a package. */
export interface PackageImport {
  readonly package: NpmPackage;
  /** The path after the package's name in the specifier; empty for the main file. */
  readonly subpath: string;
}

/** Resolves imports between npm packages in Deno's cache, which has no `node_modules` folders. */
export class NpmPackages {
  readonly #packages: ModuleGraph["packages"];
  readonly #realPaths: ReadonlyMap<NpmPackage, string>;
  readonly #manifests = new Map<string, Promise<Manifest>>();

  /** @param packages The packages of the module graph. */
  constructor(packages: ModuleGraph["packages"]) {
    this.#packages = packages;
    this.#realPaths = new Map(
      packages.values().map((npmPackage) => [npmPackage, realPath(npmPackage.localPath)]),
    );
  }

  /** Returns whether a file belongs to a package, rather than to the project. */
  has(path: string): boolean {
    return path.includes("/node_modules/") || this.ownerOf(path) !== undefined;
  }

  /** Returns the package that a file belongs to, if any. The path must be a real path. */
  ownerOf(path: string): NpmPackage | undefined {
    const [owner] = this.#realPaths.entries().find(([, folder]) => path.startsWith(`${folder}/`)) ??
      [];
    return owner;
  }

  /** Returns the name of a file that belongs to a package: its path below the package's name. */
  nameOf(path: string): string | undefined {
    const owner = this.ownerOf(path);
    return owner === undefined
      ? /.*\/node_modules\/(.*)/.exec(path)?.[1]
      : `${owner.name}@${owner.version}${path.slice(this.#realPaths.get(owner)!.length)}`;
  }

  /**
   * Resolves a bare specifier in a file of a package.
   *
   * @returns Undefined if the package does not depend on such a package, or if the `browser` field
   * of its `package.json` replaces the specifier.
   */
  async resolve(owner: NpmPackage, specifier: string): Promise<PackageImport | undefined> {
    const { name, subpath } = splitSpecifier(specifier);
    const manifest = await this.manifest(owner);
    const { browser } = manifest;
    if (typeof browser === "object" && Object.hasOwn(browser, specifier)) return undefined;
    // esbuild misses this if the importing file is in a folder with its own `package.json`.
    if (name === owner.name) return { package: owner, subpath };
    const packageName = packageNameOf(manifest, name);
    const target = owner.dependencies.map((key) => this.#packages.get(key))
      .find((dependency) => dependency?.name === packageName);
    return target && { package: target, subpath };
  }

  /** Reads the `package.json` of a package. */
  manifest({ localPath }: NpmPackage): Promise<Manifest> {
    const cached = this.#manifests.get(localPath);
    if (cached !== undefined) return cached;
    const manifest = Deno.readTextFile(join(localPath, "package.json")).then(JSON.parse);
    this.#manifests.set(localPath, manifest);
    return manifest;
  }
}

/** The fields of a `package.json` that are used here. */
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

/** Returns the package of a dependency, which may be an alias: `"old-react": "npm:react@17"`. */
function packageNameOf({ dependencies, optionalDependencies }: Manifest, name: string): string {
  const requirement = dependencies?.[name] ?? optionalDependencies?.[name] ?? "";
  return /^npm:(@?[^@]+)/.exec(requirement)?.[1] ?? name;
}

/** Returns a folder's real path, or the path itself if the folder does not exist. */
function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    // Packages for other platforms are not installed.
    return path;
  }
}
