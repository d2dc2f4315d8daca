import { dirname, relative, resolve } from "@std/path";
import { checkFields } from "../config/field_checks.ts";
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
 * await Deno.writeTextFile(`${root}/deno.json`, '{"imports":{"preact":"npm:preact@^10.29.1"}}');
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
  if (await readText(entry) !== text) await Deno.writeTextFile(entry, text);
}

function entryText(files: readonly string[]): string {
  return [
    `import { h } from "preact";`,
    `import { renderToString } from "npm:preact-render-to-string@^6.6.3";`,
    ...files.map((file, index) => `import * as file${index} from ${JSON.stringify(`../${file}`)};`),
    `const islands = new Map();`,
    `const add = (file, exports) => {`,
    `  for (const value of Object.values(exports)) {`,
    `    const island = value?.[Symbol.for("@x/jsockd/fresh island")];`,
    `    if (island === undefined) continue;`,
    `    const other = islands.get(island.name);`,
    `    if (other !== undefined && other.component !== island.component) {`,
    "      throw new Error(`Two islands are named '${island.name}', in ${other.file} and ${file}`);",
    `    }`,
    `    islands.set(island.name, { component: island.component, file });`,
    `  }`,
    `};`,
    ...files.map((file, index) => `add(${JSON.stringify(file)}, file${index});`),
    `export const render = (name, props) => {`,
    `  const island = islands.get(name);`,
    `  if (island === undefined) {`,
    "    throw new Error(`There is no island named '${name}' in the build: build again`);",
    `  }`,
    `  return renderToString(h(island.component, props));`,
    `};`,
    ``,
  ].join("\n");
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

function readFolder(folder: string): Promise<Deno.DirEntry[]> {
  return Array.fromAsync(Deno.readDir(folder)).catch(ifMissing([]));
}

function readText(file: string): Promise<string> {
  return Deno.readTextFile(file).catch(ifMissing(""));
}

function ifMissing<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Deno.errors.NotFound) return value;
    throw error;
  };
}
