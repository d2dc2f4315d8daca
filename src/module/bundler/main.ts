/**
 * The bundler, a program that `bundle.ts` starts. In a separate process, esbuild cannot interfere
 * with another use of esbuild in the caller's program, and leaves nothing behind.
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
import { endWithParent } from "./end_with_parent.ts";
import { GLOBALS, globalsPlugin } from "./globals_plugin.ts";
import { isBuildFailure, pathOf, toProblem } from "./messages.ts";
import { ModuleGraph } from "./module_graph.ts";
import { NodeBuiltIns } from "./node_built_ins.ts";
import { NpmPackages } from "./npm_packages.ts";
import { projectFiles, readProject } from "./project.ts";
import { readRemoteModules } from "./remote_modules.ts";
import { toOwnSourceMap } from "./source_map.ts";

/** The program's argument, as JSON. */
export interface BundleRequest {
  /** The path of the entry point. */
  readonly entry: string;
  /** Whether to minify the code. */
  readonly minify: boolean;
  /** The version of the language that the engine understands, as esbuild names it. */
  readonly target: string;
}

/** An ES module that imports nothing. */
export interface Bundle {
  readonly code: string;
  /** The source map, as JSON. It names files by their absolute paths. */
  readonly sourceMap: string;
}

/** The program's output, as JSON. */
export interface BundleResponse {
  readonly outcome: { readonly bundle: Bundle } | { readonly problems: readonly Problem[] };
  /** All files that the outcome depends on, including missing ones. */
  readonly inputs: FileHashes;
}

if (import.meta.main) {
  endWithParent();
  const request: BundleRequest = JSON.parse(Deno.args[0]!);
  console.log(JSON.stringify(await respond(request)));
  // The open stdin would keep the program running.
  Deno.exit();
}

async function respond(request: BundleRequest): Promise<BundleResponse> {
  const inputs = new Map<string, string | null>();
  const outcome = await tryBundle(request, inputs);
  return { outcome, inputs: Object.fromEntries([...inputs].sort()) };
}

async function tryBundle(
  request: BundleRequest,
  inputs: Map<string, string | null>,
): Promise<BundleResponse["outcome"]> {
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
  { entry, minify, target }: BundleRequest,
  inputs: Map<string, string | null>,
): Promise<Bundle> {
  // The same bytes are hashed and bundled, even if the file changes meanwhile.
  const read = async (path: string) => {
    const bytes = await readIfPresent(path);
    inputs.set(path, bytes === undefined ? null : await hash(bytes));
    return bytes;
  };
  // After Deno, because it may write the lock file. If Deno fails, the project's files are inputs
  // too: one of them may be the reason.
  const graph = await ModuleGraph.load(toFileUrl(entry))
    .finally(() => Promise.all([entry, ...projectFiles(entry)].map(read)));
  const { compilerOptions, importMaps } = await readProject(entry);
  await Promise.all(importMaps.map(read));
  const remoteModules = await readRemoteModules(graph.remoteUrls, dirname(entry));
  const packages = new NpmPackages(graph.packages);
  const builtIns = new NodeBuiltIns(packages, dirname(entry));
  const { outputFiles } = await esbuild.build({
    entryPoints: [entry],
    outfile: "module.mjs",
    absWorkingDir: dirname(entry),
    write: false,
    bundle: true,
    format: "esm",
    target,
    charset: "utf8",
    // The runtime has neither a DOM nor Node.js, so the files for web workers fit best.
    platform: "browser",
    conditions: ["worker", "production"],
    define: { "process.env.NODE_ENV": `"production"` },
    inject: [GLOBALS],
    tsconfigRaw: { compilerOptions },
    minify,
    sourcemap: "external",
    sourcesContent: false,
    logLevel: "silent",
    plugins: [globalsPlugin, denoPlugin({ graph, packages, builtIns, remoteModules, read })],
  });
  const [map, code] = outputFiles!;
  return {
    code: code!.text,
    sourceMap: toOwnSourceMap(map!.text, {
      pathOf: (source) => pathOf(source, dirname(entry)),
      isOwn: (path) => !packages.has(path) && !builtIns.has(path),
    }),
  };
}
