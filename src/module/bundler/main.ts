/**
 * The program that bundles; `bundle.ts` starts it. In a process of its own esbuild disturbs no other
 * use of it, and nothing of it is left afterwards.
 *
 * @module
 */

import { dirname, resolve, toFileUrl } from "@std/path";
import * as esbuild from "esbuild";
import { type FileHashes, hash, hashFiles } from "../hash.ts";
import type { Place, Problem } from "../problems.ts";
import { denoPlugin } from "./deno_plugin.ts";
import { GLOBALS_MODULE } from "./globals.ts";
import { ModuleGraph } from "./module_graph.ts";
import { NpmPackages } from "./npm_packages.ts";
import { readProject } from "./project.ts";
import { REMOTE } from "./resolver.ts";
import { toOwnSourceMap } from "./source_map.ts";

/** What to bundle. */
export interface BundleRequest {
  /** The path of the entry. */
  readonly entry: string;
  /** Whether to make the code small. */
  readonly minify: boolean;
}

/** One ES module that needs no other. */
export interface Bundle {
  readonly code: string;
  /** Its source map, which names files by their paths. */
  readonly sourceMap: string;
  /** All that it was made from. */
  readonly inputs: FileHashes;
}

/** What the program writes to stdout, as JSON. */
export type BundleAnswer = { readonly bundle: Bundle } | { readonly problems: readonly Problem[] };

/** The path and namespace of the module of {@linkcode GLOBALS_MODULE}. */
const GLOBALS = "globals";

const globalsPlugin: esbuild.Plugin = {
  name: GLOBALS,
  setup(build) {
    build.onResolve(
      { filter: /^globals$/ },
      ({ kind, path }) =>
        kind === "entry-point" ? { path, namespace: GLOBALS, sideEffects: false } : undefined,
    );
    build.onLoad({ filter: /./, namespace: GLOBALS }, () => ({ contents: GLOBALS_MODULE }));
  },
};

if (import.meta.main) {
  const request: BundleRequest = JSON.parse(Deno.args[0]!);
  console.log(JSON.stringify(await answer(request)));
}

async function answer(request: BundleRequest): Promise<BundleAnswer> {
  try {
    return { bundle: await bundle(request) };
  } catch (error) {
    if (isBuildFailure(error)) {
      return {
        problems: error.errors.map((message) => toProblem(message, dirname(request.entry))),
      };
    }
    return { problems: [{ text: error instanceof Error ? error.message : String(error) }] };
  } finally {
    await esbuild.stop();
  }
}

async function bundle({ entry, minify }: BundleRequest): Promise<Bundle> {
  const graph = await ModuleGraph.load(toFileUrl(entry));
  const packages = new NpmPackages(graph.packages);
  const { compilerOptions, files } = await readProject(entry);
  const inputs = new Map(Object.entries(await hashFiles(files)));
  // Hashed is what is bundled, whatever becomes of the file meanwhile.
  const read = async (path: string) => {
    const bytes = await Deno.readFile(path);
    inputs.set(path, await hash(bytes));
    return bytes;
  };
  const { outputFiles } = await esbuild.build({
    entryPoints: [entry],
    outfile: "module.mjs",
    absWorkingDir: dirname(entry),
    write: false,
    bundle: true,
    format: "esm",
    target: "es2023",
    charset: "utf8",
    // There is neither a DOM nor Node.js: what packages have for web workers comes closest.
    platform: "browser",
    conditions: ["worker", "production"],
    define: { "process.env.NODE_ENV": `"production"` },
    inject: [GLOBALS],
    tsconfigRaw: { compilerOptions },
    minify,
    sourcemap: "external",
    sourcesContent: false,
    logLevel: "silent",
    plugins: [globalsPlugin, denoPlugin(graph, packages, read)],
  });
  const [map, code] = outputFiles!;
  return {
    code: code!.text,
    sourceMap: toOwnSourceMap(map!.text, {
      pathOf: (source) => pathOf(source, dirname(entry)),
      isOwn: (path) => path !== GLOBALS && !packages.has(path),
    }),
    inputs: Object.fromEntries(inputs),
  };
}

function isBuildFailure(error: unknown): error is esbuild.BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

function toProblem({ text, location, notes }: esbuild.Message, folder: string): Problem {
  return {
    text,
    place: toPlace(location, folder),
    // Notes without a place tell how to configure esbuild.
    notes: notes.flatMap(({ text, location }) => {
      const place = toPlace(location, folder);
      return place === undefined ? [] : [{ text, place }];
    }),
  };
}

/** esbuild counts columns in bytes, from 0. */
function toPlace(location: esbuild.Location | null, folder: string): Place | undefined {
  if (location === null) return undefined;
  const { file, line, column, lineText } = location;
  const before = new TextEncoder().encode(lineText).subarray(0, column);
  return {
    file: pathOf(file, folder),
    line,
    column: new TextDecoder().decode(before).length + 1,
    lineText,
  };
}

/** esbuild names files by their way from a folder, and others by their namespace first. */
function pathOf(name: string, folder: string): string {
  const namespace = [GLOBALS, REMOTE].find((namespace) => name.startsWith(`${namespace}:`));
  return namespace === undefined ? resolve(folder, name) : name.slice(namespace.length + 1);
}
