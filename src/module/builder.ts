import { basename, extname, fromFileUrl, join, resolve } from "@std/path";
import { JSockDClientError } from "../common/errors.ts";
import { runsOnV8 } from "../config/server_command.ts";
import { BuildFolders } from "./build_folders.ts";
import type { BuildModuleOptions, BuiltModule } from "./build_options.ts";
import { type BundledModule, bundleModule } from "./bundle.ts";
import { CompileError, compileModule, signModule } from "./compile.ts";
import { toCompileProblem } from "./compile_problem.ts";
import { isFileError, replaceFile } from "../common/files.ts";
import { type FileHashes, hash } from "./bundler/hash.ts";
import type { ModuleKeyPair } from "./key_pair.ts";
import { writeManifest } from "./manifest.ts";
import { SourceError } from "./source_error.ts";
import { identifyServer } from "./server_identity.ts";
import { readSigningKey } from "./signing_key.ts";

/** The version of the language that every QuickJS understands. */
const QUICKJS_TARGET = "es2023";

/** A build of a module. */
export interface Build {
  readonly module: BuiltModule;
  readonly folder: string;
  /** Whether the module was built just now, rather than found from an earlier build. */
  readonly isNew: boolean;
  /** All files that the build depends on, including missing ones. */
  readonly inputs: FileHashes;
}

/** Everything besides the inputs that determines a build. */
interface Plan {
  readonly options: BuildModuleOptions;
  /** The real path of the entry point. */
  readonly entry: string;
  readonly key: ModuleKeyPair;
  /** Hash of the options, the key, the server and this package's version. */
  readonly recipe: string;
  readonly folders: BuildFolders;
}

/**
 * Builds a module, or returns an earlier build if nothing has changed since.
 *
 * @param options Options that `checkBuildOptions()` has returned.
 * @param inUse The folder of a build that must not be removed.
 * @throws {SourceError} If the sources have errors.
 * @throws {JSockDClientError} As `buildModule`.
 * @throws The signal's reason, if it aborts before the module is built.
 */
export async function build(options: BuildModuleOptions, inUse?: string): Promise<Build> {
  const { signal = new AbortController().signal } = options;
  try {
    signal.throwIfAborted();
    const plan = await makePlan(options);
    const existing = await plan.folders.find(plan.recipe);
    if (existing !== undefined) {
      return { ...existing, module: await announce(existing.folder, plan), isNew: false };
    }
    signal.throwIfAborted();
    const bundled = await bundleModule({
      entry: plan.entry,
      minify: options.minify ?? false,
      target: runsOnV8(options.jsockdExec) ? "esnext" : QUICKJS_TARGET,
    }, signal);
    signal.throwIfAborted();
    const folder = await addBuild(plan, bundled, signal);
    const module = await announce(folder, plan);
    await plan.folders.prune(inUse);
    return { folder, inputs: bundled.inputs, module, isNew: true };
  } catch (cause) {
    // Whatever fails after an abort is only its consequence.
    signal.throwIfAborted();
    const isDenied = cause instanceof Deno.errors.NotCapable;
    if (!isDenied && !isFileError(cause)) throw cause;
    throw new JSockDClientError(
      isDenied ? "PERMISSION" : "CONFIG",
      `Cannot build the module: ${cause.message}`,
      { cause },
    );
  }
}

async function makePlan(options: BuildModuleOptions): Promise<Plan> {
  const entry = await findEntry(options.entry);
  const outDir = resolve(options.outDir);
  await Deno.mkdir(outDir, { recursive: true });
  const key = await readSigningKey(options.privateKeyFile, outDir);
  const { jsockdExec, minify, strip, sourceMap } = options;
  const settings = await hash(JSON.stringify([entry, jsockdExec, minify, strip, sourceMap]));
  const server = await identifyServer(jsockdExec);
  // The URL of this file contains the package's version, once that is published.
  const recipe = await hash(JSON.stringify([settings, key.publicKey, server, import.meta.url]));
  const folders = new BuildFolders(outDir, `${stemOf(entry)}-${settings.slice(0, 8)}`);
  return { options, entry, key, recipe, folders };
}

async function findEntry(entry: string | URL): Promise<string> {
  const isUrl = entry instanceof URL || entry.startsWith("file:");
  const path = resolve(isUrl ? fromFileUrl(entry) : entry);
  try {
    // Deno and esbuild use real paths, so the configuration is looked up above the real path too.
    if ((await Deno.stat(path)).isFile) return await Deno.realPath(path);
  } catch (error) {
    if (!isFileError(error)) throw error;
  }
  throw new JSockDClientError("CONFIG", `Cannot build the module '${path}': there is no such file`);
}

async function addBuild(
  { entry, key, recipe, folders, options }: Plan,
  { bundle, inputs }: BundledModule,
  signal: AbortSignal,
): Promise<string> {
  const content = await hash(recipe + bundle.code + bundle.sourceMap);
  return await folders.add(content.slice(0, 16), { recipe, inputs }, async (folder) => {
    const files = filesIn(folder, entry);
    await replaceFile(files.code, bundle.code);
    await replaceFile(files.sourceMap, bundle.sourceMap);
    try {
      const unsigned = await compileModule(options.jsockdExec, files.code, options.strip, signal);
      await replaceFile(files.module, await signModule(unsigned, key.privateKey));
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      const problem = await toCompileProblem(error.message, files.code, bundle.sourceMap);
      throw new SourceError(entry, [problem], inputs);
    }
    return Object.values(files);
  }, signal);
}

/** Makes a build the one that the manifest names. */
async function announce(folder: string, plan: Plan): Promise<BuiltModule> {
  const module = moduleIn(folder, plan);
  await writeManifest(resolve(plan.options.outDir), module);
  return module;
}

function moduleIn(folder: string, { entry, key, options }: Plan): BuiltModule {
  const { module, sourceMap } = filesIn(folder, entry);
  return {
    bytecodeModuleFile: module,
    bytecodeModulePublicKey: key.publicKey,
    ...options.sourceMap !== false && { sourceMap },
  };
}

function filesIn(folder: string, entry: string) {
  const code = join(folder, `${stemOf(entry)}.mjs`);
  return { code, sourceMap: `${code}.map`, module: join(folder, `${stemOf(entry)}.jsockd`) };
}

function stemOf(path: string): string {
  return basename(path, extname(path));
}
