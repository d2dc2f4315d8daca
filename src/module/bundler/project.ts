import { dirname, join, resolve } from "@std/path";
import { parse } from "@std/jsonc/parse";
import type { TsconfigRaw } from "esbuild";
import { readIfPresent } from "../../common/files.ts";

type CompilerOptions = NonNullable<TsconfigRaw["compilerOptions"]>;

const CONFIG_NAMES = ["deno.json", "deno.jsonc"];
const OTHER_NAMES = ["deno.lock", "package.json"];

/** The configuration that applies to a module. */
export interface Project {
  /** The compiler options, in the form that esbuild takes. */
  readonly compilerOptions: CompilerOptions;
  /** The paths of import maps in separate files. */
  readonly importMaps: readonly string[];
}

interface Config {
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
  readonly importMap?: string;
  readonly workspace?: unknown;
}

/** Returns the paths of all files that can affect how a module's imports resolve. */
export function projectFiles(entry: string): string[] {
  const names = [...CONFIG_NAMES, ...OTHER_NAMES];
  return foldersAbove(entry).flatMap((folder) => names.map((name) => join(folder, name)));
}

/** Reads the nearest configuration above a module, and that of the workspace it belongs to. */
export async function readProject(entry: string): Promise<Project> {
  const importMaps: string[] = [];
  const options: Config["compilerOptions"][] = [];
  for (const folder of foldersAbove(entry)) {
    const config = await readConfig(folder);
    if (config === undefined || (options.length > 0 && config.workspace === undefined)) continue;
    options.unshift(config.compilerOptions);
    if (config.importMap !== undefined) importMaps.push(resolve(folder, config.importMap));
    if (config.workspace !== undefined) break;
  }
  return { compilerOptions: toEsbuild(Object.assign({}, ...options)), importMaps };
}

function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAbove(folder)];
}

async function readConfig(folder: string): Promise<Config | undefined> {
  for (const name of CONFIG_NAMES) {
    const bytes = await readIfPresent(join(folder, name));
    if (bytes !== undefined) return parse(new TextDecoder().decode(bytes)) as Config;
  }
  return undefined;
}

/** Replaces the JSX setting `precompile`, which only Deno has, by one that esbuild knows. */
function toEsbuild(options: Readonly<Record<string, unknown>>): CompilerOptions {
  return options.jsx === "precompile" ? { ...options, jsx: "react-jsx" } : options;
}
