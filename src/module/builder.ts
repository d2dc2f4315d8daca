import { basename, extname, fromFileUrl, join, resolve } from "@std/path";
import { JSockDClientError } from "../common/errors.ts";
import { BuildFolders } from "./build_folders.ts";
import type { BuildModuleOptions, BuiltModule } from "./build_options.ts";
import { type BundledModule, bundleModule } from "./bundle.ts";
import { CompileError, compileModule, signModule } from "./compile.ts";
import { toCompileProblem } from "./compile_problem.ts";
import { isFileError, replaceFile } from "../common/files.ts";
import { type FileHashes, hash } from "./bundler/hash.ts";
import type { ModuleKeyPair } from "./key_pair.ts";
import { SourceError } from "./source_error.ts";
import { identifyServer } from "./server_identity.ts";
import { readSigningKey } from "./signing_key.ts";

/** A module, and what it was made from. */
export interface Build {
  readonly module: BuiltModule;
  /** Where it is. */
  readonly folder: string;
  /** Whether it was made just now; otherwise it was there. */
  readonly isNew: boolean;
  /** All files, there or not, that it depends on. */
  readonly inputs: FileHashes;
}

/** All that decides on a build besides the sources. */
interface Plan {
  readonly options: BuildModuleOptions;
  /** The path of the entry. */
  readonly entry: string;
  readonly key: ModuleKeyPair;
  /** The hash of all of it. */
  readonly recipe: string;
  readonly folders: BuildFolders;
}

/**
 * Builds a module, or finds that nothing has changed since it was built.
 *
 * @param options Checked ones.
 * @param inUse The folder of a build that must stay, however long ago it was made.
 * @throws {SourceError} If something is wrong in the sources.
 * @throws {JSockDClientError} As `buildModule`.
 */
export async function build(options: BuildModuleOptions, inUse?: string): Promise<Build> {
  try {
    const plan = await makePlan(options);
    const present = await plan.folders.find(plan.recipe);
    if (present !== undefined) {
      return { ...present, module: moduleIn(present.folder, plan), isNew: false };
    }
    const bundled = await bundleModule({ entry: plan.entry, minify: options.minify ?? false });
    const folder = await addBuild(plan, bundled);
    await plan.folders.prune(inUse);
    return { folder, inputs: bundled.inputs, module: moduleIn(folder, plan), isNew: true };
  } catch (cause) {
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
  // This module's own address has its version in it, once it is published.
  const recipe = await hash(JSON.stringify([settings, key.publicKey, server, import.meta.url]));
  const folders = new BuildFolders(outDir, `${stemOf(entry)}-${settings.slice(0, 8)}`);
  return { options, entry, key, recipe, folders };
}

async function findEntry(entry: string | URL): Promise<string> {
  const isUrl = entry instanceof URL || entry.startsWith("file:");
  const path = resolve(isUrl ? fromFileUrl(entry) : entry);
  try {
    // Its modules are named by their real paths, and so must be what a configuration says of them.
    if ((await Deno.stat(path)).isFile) return await Deno.realPath(path);
  } catch (error) {
    if (!isFileError(error)) throw error;
  }
  throw new JSockDClientError("CONFIG", `Cannot build the module '${path}': there is no such file`);
}

async function addBuild(
  { entry, key, recipe, folders, options }: Plan,
  { bundle, inputs }: BundledModule,
): Promise<string> {
  const content = await hash(recipe + bundle.code + bundle.sourceMap);
  return await folders.add(content.slice(0, 16), { recipe, inputs }, async (folder) => {
    const files = filesIn(folder, entry);
    await replaceFile(files.code, bundle.code);
    await replaceFile(files.sourceMap, bundle.sourceMap);
    try {
      const unsigned = await compileModule(options.jsockdExec, files.code, options.strip);
      await replaceFile(files.module, await signModule(unsigned, key.privateKey));
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      const problem = await toCompileProblem(error.message, files.code, bundle.sourceMap);
      throw new SourceError(entry, [problem], inputs);
    }
    return Object.values(files);
  });
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
