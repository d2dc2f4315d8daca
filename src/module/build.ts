import { basename, extname, fromFileUrl, join, resolve } from "@std/path";
import type { ServerCommand } from "../config.ts";
import { JSockDClientError } from "../errors.ts";
import { BuildFolders } from "./build_folders.ts";
import { bundleModule } from "./bundle.ts";
import type { Bundle } from "./bundler/main.ts";
import { CompileError, compileModule, signModule, type Strip } from "./compile.ts";
import { toCompileProblem } from "./compile_problem.ts";
import { replaceFile } from "./files.ts";
import { hash } from "./hash.ts";
import { toBuildError } from "./problems.ts";
import { identifyServer } from "./server_identity.ts";
import { readSigningKey } from "./signing_key.ts";

/** What to build, and how. */
export interface BuildModuleOptions {
  /** The module whose exports commands get: TypeScript, JSX or JavaScript, a path or a `file:` URL. */
  entry: string | URL;
  /** The folder for what is built; it is made if need be. It can be deleted at any time. */
  outDir: string;
  /** The server that will load the module: another version's would refuse it. */
  jsockdExec: ServerCommand;
  /** The private key to sign with. Default: `outDir` has a pair of its own, made at first. */
  privateKeyFile?: string;
  /** Whether to make the code small. Default false. */
  minify?: boolean;
  /**
   * What to leave out of the module: `source`, the text that `Function.prototype.toString()` gives,
   * or `debug`, the places of stack traces as well. Default: nothing.
   */
  strip?: Strip;
  /** Whether stack traces name your own files and lines. Default true. */
  sourceMap?: boolean;
}

/** A module ready for use: part of a client's configuration. */
export interface BuiltModule {
  /** The compiled, signed module. */
  bytecodeModuleFile: string;
  /** The key that it is signed with, its public half. */
  bytecodeModulePublicKey: string;
  /** Its source map, unless that was not wanted. */
  sourceMap?: string;
}

/**
 * Builds a module: bundles a file and all that it imports to one ES module, has the server compile
 * it, and signs it. If nothing has changed since, what is there is used.
 *
 * Imports mean what they mean to Deno: `npm:`, `jsr:` and `https:` specifiers, the import map in the
 * `deno.json` above the entry, `node_modules` if there is one. Types are not checked. Packages are
 * taken as for web workers, in production. `setTimeout` without delay, `queueMicrotask` and
 * `MessageChannel`, which the runtime lacks, are provided to code that uses them; a timer with a
 * delay never runs, because a command is over when nothing is left to do.
 *
 * It takes the permissions to read (the sources, and packages in Deno's cache), to write `outDir`,
 * and to run Deno and the server. Under those of the client that loads the module none of that needs
 * to be allowed: build before.
 *
 * @param options What to build, and how.
 * @returns What to spread into the configuration of a client of the same server.
 * @throws {JSockDClientError} `CONFIG` with each mistake in the sources, its file, line and column,
 * or if an option makes no sense, `SPAWN` if the server does not start or is none, `PERMISSION` if
 * Deno was not given a permission.
 *
 * @example Build and use
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { initJSockDClient } from "@x/jsockd";
 * import { embeddedServer } from "@x/jsockd/embedded";
 * import { buildModule } from "@x/jsockd/module";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/site.ts`, "export const page = (title: string) => `<h1>${title}`;");
 * const jsockdExec = embeddedServer(); // or the path of your jsockd
 * const built = await buildModule({ entry: `${folder}/site.ts`, outDir: `${folder}/out`, jsockdExec });
 *
 * await using client = await initJSockDClient({ nThreads: 1, ...built }, jsockdExec);
 * assertEquals(await client.run("(site, title) => site.page(title)", "News"), "<h1>News");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function buildModule(options: BuildModuleOptions): Promise<BuiltModule> {
  try {
    return await build(options);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotCapable)) throw cause;
    throw new JSockDClientError("PERMISSION", `Cannot build the module: ${cause.message}`, {
      cause,
    });
  }
}

async function build(options: BuildModuleOptions): Promise<BuiltModule> {
  const { jsockdExec, minify = false, strip, sourceMap = true } = options;
  const entry = await findEntry(options.entry);
  const outDir = resolve(options.outDir);
  await Deno.mkdir(outDir, { recursive: true });
  const { privateKey, publicKey } = await readSigningKey(options.privateKeyFile, outDir);

  const stem = basename(entry, extname(entry));
  const settings = JSON.stringify([entry, minify, strip, sourceMap, jsockdExec]);
  const recipe = await hash(
    // This module's own address has its version, once it is published.
    JSON.stringify([settings, publicKey, await identifyServer(jsockdExec), import.meta.url]),
  );
  const folders = new BuildFolders(outDir, `${stem}-${(await hash(settings)).slice(0, 8)}`);

  let folder = await folders.find(recipe);
  if (folder === undefined) {
    const bundle = await bundleModule({ entry, minify });
    const content = await hash(recipe + bundle.code + bundle.sourceMap);
    folder = await folders.add(
      content.slice(0, 16),
      { recipe, inputs: bundle.inputs },
      async (folder) => {
        const files = filesIn(folder, stem);
        await replaceFile(files.code, bundle.code);
        await replaceFile(files.sourceMap, bundle.sourceMap);
        const unsigned = await compile(entry, files.code, bundle, jsockdExec, strip);
        await replaceFile(files.module, await signModule(unsigned, privateKey));
        return Object.values(files);
      },
    );
    await folders.prune();
  }
  const files = filesIn(folder, stem);
  return {
    bytecodeModuleFile: files.module,
    bytecodeModulePublicKey: publicKey,
    ...sourceMap && { sourceMap: files.sourceMap },
  };
}

function filesIn(folder: string, stem: string) {
  const code = join(folder, `${stem}.mjs`);
  return { code, sourceMap: `${code}.map`, module: join(folder, `${stem}.jsockd`) };
}

async function findEntry(entry: string | URL): Promise<string> {
  const path = resolve(entry instanceof URL ? fromFileUrl(entry) : entry);
  try {
    if ((await Deno.stat(path)).isFile) return path;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  throw new JSockDClientError("CONFIG", `Cannot build the module '${path}': there is no such file`);
}

async function compile(
  entry: string,
  path: string,
  { sourceMap }: Bundle,
  jsockdExec: ServerCommand,
  strip: Strip | undefined,
): Promise<Uint8Array> {
  try {
    return await compileModule(jsockdExec, path, strip);
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    throw toBuildError(entry, [await toCompileProblem(error.message, path, sourceMap)]);
  }
}
