import { dirname, join, resolve } from "@std/path";
import { parse } from "@std/jsonc/parse";
import type { TsconfigRaw } from "esbuild";
import { readIfPresent } from "../files.ts";

type CompilerOptions = NonNullable<TsconfigRaw["compilerOptions"]>;

const CONFIG_NAMES = ["deno.json", "deno.jsonc"];
const OTHER_NAMES = ["deno.lock", "package.json"];

/** What the files around a module say about it. */
export interface Project {
  /** How its TypeScript and JSX are meant, as esbuild takes it. */
  readonly compilerOptions: CompilerOptions;
  /** The files, there or not, that decide what its imports mean. */
  readonly files: readonly string[];
}

interface Config {
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
  readonly importMap?: string;
  readonly workspace?: unknown;
}

/** Reads what the files in the folders above a module say about it. */
export async function readProject(entry: string): Promise<Project> {
  const folders = foldersAbove(entry);
  const names = [...CONFIG_NAMES, ...OTHER_NAMES];
  const files = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  // The nearest configuration counts, and that of the workspace which it is part of.
  const configs: Config[] = [];
  for (const folder of folders) {
    const config = await readConfig(folder);
    if (config === undefined || (configs.length > 0 && config.workspace === undefined)) continue;
    configs.push(config);
    if (config.importMap !== undefined) files.push(resolve(folder, config.importMap));
    if (config.workspace !== undefined) break;
  }
  const options = configs.reverse().map(({ compilerOptions }) => compilerOptions);
  return { compilerOptions: toEsbuild(Object.assign({}, ...options)), files };
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

/** esbuild knows the options of TypeScript, and not the one way to compile JSX that is Deno's own. */
function toEsbuild(options: Readonly<Record<string, unknown>>): CompilerOptions {
  return options.jsx === "precompile" ? { ...options, jsx: "react-jsx" } : options;
}
