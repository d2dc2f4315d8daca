import { dirname } from "@std/path/posix/dirname";
import { relative } from "@std/path/posix/relative";
import { resolve } from "@std/path/posix/resolve";
import { readIfPresent, replaceFile } from "../common/files.ts";
import { checkFields } from "../config/field_checks.ts";
import { entryText } from "./entry.ts";
import { buildModule, type BuildModuleOptions } from "../module/mod.ts";
import { ISLANDS_CHECKS, type IslandsOptions, locate } from "./options.ts";

/** Builds of this process, which the middleware watches, by their output folder. */
const builds = new Map<string, DevelopmentBuild>();

/** A build that is watched once the application serves its islands in the same process. */
export interface DevelopmentBuild {
  readonly options: BuildModuleOptions;
  /** Called when the server has reloaded. */
  onBuild?: () => void;
}

/**
 * Builds and signs what JSockD runs: the islands that are marked with `jsockdIsland`, in `islands`
 * and in each `(_islands)` below `routes`. If nothing has changed, the last build is used.
 *
 * Where the application is served by the same process, as in development, the islands are watched
 * from the first page on: a change rebuilds them, and reloads the server without losing a page. An
 * island in a new file is found at the next start.
 *
 * Needs the permissions of `buildModule`.
 *
 * @param options Where the application is, and the server. Default: the current folder, and V8.
 * @throws {JSockDClientError} `CONFIG` if the sources have errors, listed with file, line and
 * column, or if an option is not valid. `SPAWN`, `PERMISSION`: as `buildModule`.
 *
 * @example In `dev.ts`, with Fresh's Builder
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { buildIslands } from "@x/jsockd/fresh";
 *
 * // The application's folder: in the application itself, leave it and `root` out.
 * const root = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${root}/deno.json`, '{"imports":{"preact":"npm:preact@^10.26.0"}}');
 * await buildIslands({ root });
 * // const builder = new Builder(); …
 *
 * assertStringIncludes(await Deno.readTextFile(`${root}/_jsockd/islands.js`), "render");
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export async function buildIslands(options: IslandsOptions = {}): Promise<void> {
  await build(checkFields(options, ISLANDS_CHECKS, "options of the islands"));
}

/** Builds the islands of checked options. */
export async function build(options: IslandsOptions): Promise<DevelopmentBuild> {
  const { entry, outDir, jsockdExec } = locate(options);
  await writeEntry(options);
  const development: DevelopmentBuild = { options: { entry, outDir, jsockdExec } };
  await buildModule(development.options);
  builds.set(outDir, development);
  return development;
}

/** Returns the build that was made by this process in a folder, if any. */
export function developmentBuild(outDir: string): DevelopmentBuild | undefined {
  return builds.get(outDir);
}

/** Writes the module that JSockD runs, unless it is there: it imports all marked islands. */
export async function writeEntry(options: IslandsOptions): Promise<void> {
  const { root, entry } = locate(options);
  await Deno.mkdir(dirname(entry), { recursive: true });
  const files = [
    ...await Array.fromAsync(islandFiles(resolve(root, "islands"), true)),
    ...await Array.fromAsync(islandFiles(resolve(root, "routes"), false)),
  ].map((file) => relative(root, file)).sort();
  const text = entryText(files);
  const existing = await readIfPresent(entry);
  if (existing === undefined || new TextDecoder().decode(existing) !== text) {
    await replaceFile(entry, text);
  }
}

/** Finds the files of marked islands. Below `routes`, islands are in folders named `(_islands)`. */
async function* islandFiles(folder: string, inIslands: boolean): AsyncGenerator<string> {
  for (const { name, isDirectory } of await readFolder(folder)) {
    const path = resolve(folder, name);
    if (isDirectory) yield* islandFiles(path, inIslands || name === "(_islands)");
    else if (inIslands && /\.[jt]sx?$/.test(name)) {
      if ((await Deno.readTextFile(path)).includes("jsockdIsland")) yield path;
    }
  }
}

async function readFolder(folder: string): Promise<Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
