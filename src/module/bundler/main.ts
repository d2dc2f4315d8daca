/**
 * The program that bundles; `bundle.ts` starts it. In a process of its own esbuild disturbs no other
 * use of it, and nothing of it is left afterwards.
 *
 * @module
 */

import { dirname, toFileUrl } from "@std/path";
import * as esbuild from "esbuild";
import { messageOf } from "../../common/errors.ts";
import { readIfPresent } from "../../common/files.ts";
import { type FileHashes, hash } from "./hash.ts";
import type { Problem } from "./problems.ts";
import { denoPlugin } from "./deno_plugin.ts";
import { GLOBALS, globalsPlugin } from "./globals_plugin.ts";
import { isBuildFailure, pathOf, toProblem } from "./messages.ts";
import { ModuleGraph } from "./module_graph.ts";
import { NpmPackages } from "./npm_packages.ts";
import { projectFiles, readProject } from "./project.ts";
import { readRemoteModules } from "./remote_modules.ts";
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
}

/** What the program writes to stdout, as JSON. */
export interface BundleAnswer {
  readonly outcome: { readonly bundle: Bundle } | { readonly problems: readonly Problem[] };
  /** All files, there or not, that it depends on. */
  readonly inputs: FileHashes;
}

if (import.meta.main) {
  const request: BundleRequest = JSON.parse(Deno.args[0]!);
  console.log(JSON.stringify(await answer(request)));
}

async function answer(request: BundleRequest): Promise<BundleAnswer> {
  const inputs = new Map<string, string | null>();
  const outcome = await bundleOrTell(request, inputs);
  return { outcome, inputs: Object.fromEntries([...inputs].sort()) };
}

async function bundleOrTell(
  request: BundleRequest,
  inputs: Map<string, string | null>,
): Promise<BundleAnswer["outcome"]> {
  try {
    return { bundle: await bundle(request, inputs) };
  } catch (error) {
    const folder = dirname(request.entry);
    if (isBuildFailure(error)) {
      return { problems: error.errors.map((message) => toProblem(message, folder)) };
    }
    return { problems: [{ text: messageOf(error) }] };
  } finally {
    await esbuild.stop();
  }
}

async function bundle(
  { entry, minify }: BundleRequest,
  inputs: Map<string, string | null>,
): Promise<Bundle> {
  // Hashed is what is bundled, whatever becomes of the file meanwhile.
  const read = async (path: string) => {
    const bytes = await readIfPresent(path);
    inputs.set(path, bytes === undefined ? null : await hash(bytes));
    return bytes;
  };
  // Deno may write the lock file; one that it refuses to read must be known as well.
  const graph = await ModuleGraph.load(toFileUrl(entry))
    .finally(() => Promise.all([entry, ...projectFiles(entry)].map(read)));
  const { compilerOptions, importMaps } = await readProject(entry);
  await Promise.all(importMaps.map(read));
  const remoteModules = await readRemoteModules(graph.remoteUrls, dirname(entry));
  const packages = new NpmPackages(graph.packages);
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
    plugins: [globalsPlugin, denoPlugin({ graph, packages, remoteModules, read })],
  });
  const [map, code] = outputFiles!;
  return {
    code: code!.text,
    sourceMap: toOwnSourceMap(map!.text, {
      pathOf: (source) => pathOf(source, dirname(entry)),
      isOwn: (path) => path !== GLOBALS && !packages.has(path),
    }),
  };
}
