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
}

/** Reads what the files in the folders above a module say about it. */
export async function readProject(entry: string): Promise<Project> {
  const files: string[] = [];
  let compilerOptions: Config["compilerOptions"];
  for (const folder of foldersAbove(entry)) {
    for (const name of CONFIG_NAMES) {
      const config = await readConfig(join(folder, name));
      compilerOptions ??= config.compilerOptions;
      if (config.importMap !== undefined) files.push(resolve(folder, config.importMap));
    }
    files.push(...[...CONFIG_NAMES, ...OTHER_NAMES].map((name) => join(folder, name)));
  }
  return { compilerOptions: toEsbuild(compilerOptions ?? {}), files };
}

function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAbove(folder)];
}

async function readConfig(path: string): Promise<Config> {
  const bytes = await readIfPresent(path);
  return bytes === undefined ? {} : parse(new TextDecoder().decode(bytes)) as Config;
}

/** esbuild knows the options of TypeScript, and not the one way to compile JSX that is Deno's own. */
function toEsbuild(options: Readonly<Record<string, unknown>>): CompilerOptions {
  return options.jsx === "precompile" ? { ...options, jsx: "react-jsx" } : options;
}
