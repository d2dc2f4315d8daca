import { fromFileUrl, join, relative, resolve } from "@std/path";
import { JSockDClientError } from "../common/errors.ts";
import { isFileError, readIfPresent, replaceFile } from "../common/files.ts";
import { isObject } from "../common/parse_json.ts";
import { publicKey } from "../config/field_checks.ts";
import type { BuiltModule } from "./build_options.ts";
import { hash } from "./bundler/hash.ts";

const MANIFEST_FILE = "manifest.json";

/** The version of the manifest's format. */
const FORMAT = 1;

/** A file of the build. */
interface ManifestFile {
  /** The path from the manifest's folder, with slashes. */
  readonly path: string;
  readonly sha256: string;
}

/** What an output folder says of the module that was built in it last. */
interface Manifest {
  readonly format: typeof FORMAT;
  readonly publicKey: string;
  readonly module: ManifestFile;
  readonly sourceMap?: ManifestFile;
}

/** Writes the manifest of a module that was built in a folder, unless it is there. */
export async function writeManifest(folder: string, built: BuiltModule): Promise<void> {
  const describe = async (file: string): Promise<ManifestFile> => ({
    path: relative(folder, file),
    sha256: await hash(await Deno.readFile(file)),
  });
  const manifest: Manifest = {
    format: FORMAT,
    publicKey: built.bytecodeModulePublicKey,
    module: await describe(built.bytecodeModuleFile),
    ...built.sourceMap !== undefined && { sourceMap: await describe(built.sourceMap) },
  };
  const file = join(folder, MANIFEST_FILE);
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  const existing = await readIfPresent(file);
  if (existing !== undefined && new TextDecoder().decode(existing) === text) return;
  await replaceFile(file, text);
}

/**
 * Loads a module that {@linkcode buildModule} has built, from its output folder or from a copy of
 * it anywhere. The manifest in the folder names the module that was built last, so give each module
 * a folder of its own. Use the server that it was built for: another may refuse to start, or lack
 * syntax that the module uses.
 *
 * The public key comes from the same folder, so it finds damage, not forgery. Where others can write
 * to the folder, set `bytecodeModulePublicKey` to the key that you know. The private key,
 * `module.privkey`, is needed to build, not to run: do not copy it.
 *
 * Needs the permission `--allow-read` for the folder.
 *
 * @param folder The output folder, as a path or a `file:` URL.
 * @returns The fields to spread into the configuration of a client, with absolute paths.
 * @throws {JSockDClientError} `CONFIG` if there is no build in the folder, or its manifest or its
 * files are damaged. `PERMISSION` if Deno lacks a permission.
 *
 * @example Build here, run there
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { initJSockDClient } from "@x/jsockd";
 * import { embeddedServer } from "@x/jsockd/embedded";
 * import { buildModule, loadBuiltModule } from "@x/jsockd/module";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/site.ts`, "export const title = 'News';");
 * const jsockdExec = embeddedServer();
 * await buildModule({ entry: `${folder}/site.ts`, outDir: `${folder}/out`, jsockdExec });
 * await Deno.rename(`${folder}/out`, `${folder}/moved`);
 *
 * const built = await loadBuiltModule(`${folder}/moved`);
 * await using client = await initJSockDClient({ nThreads: 1, ...built }, jsockdExec);
 * assertEquals(await client.run("(site) => site.title"), "News");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function loadBuiltModule(folder: string | URL): Promise<BuiltModule> {
  const path = toFolder(folder);
  try {
    const { publicKey, module, sourceMap } = await readManifest(path);
    return {
      bytecodeModuleFile: await checkFile(path, module),
      bytecodeModulePublicKey: publicKey,
      ...sourceMap !== undefined && { sourceMap: await checkFile(path, sourceMap) },
    };
  } catch (cause) {
    const isDenied = cause instanceof Deno.errors.NotCapable;
    if (!isDenied && !isFileError(cause)) throw cause;
    throw new JSockDClientError(
      isDenied ? "PERMISSION" : "CONFIG",
      `Cannot load the built module in '${path}': ${cause.message}`,
      { cause },
    );
  }
}

function toFolder(folder: string | URL): string {
  const isUrl = folder instanceof URL ? folder.protocol === "file:" : folder.startsWith?.("file:");
  if (isUrl) return fromFileUrl(folder);
  if (typeof folder === "string" && folder !== "") return resolve(folder);
  throw new JSockDClientError(
    "CONFIG",
    `Cannot load a built module from ${Deno.inspect(folder)}: expected a path or a 'file:' URL`,
  );
}

async function readManifest(folder: string): Promise<Manifest> {
  const bytes = await readIfPresent(join(folder, MANIFEST_FILE));
  if (bytes === undefined) {
    throw failure(folder, `there is no ${MANIFEST_FILE}; name the 'outDir' of buildModule()`);
  }
  const manifest = parse(bytes);
  if (isObject(manifest) && manifest.format !== undefined && manifest.format !== FORMAT) {
    throw failure(
      folder,
      `its ${MANIFEST_FILE} has the format ${Deno.inspect(manifest.format)}, and this version of ` +
        `@x/jsockd reads ${FORMAT}; build it again`,
    );
  }
  if (!isManifest(manifest)) {
    throw failure(folder, `its ${MANIFEST_FILE} is damaged; build it again`);
  }
  return manifest;
}

async function checkFile(folder: string, { path, sha256 }: ManifestFile): Promise<string> {
  const file = join(folder, path);
  const bytes = await readIfPresent(file);
  if (bytes === undefined) {
    throw failure(folder, `its file '${path}' is missing; copy the whole folder`);
  }
  if (await hash(bytes) !== sha256) {
    throw failure(folder, `its file '${path}' has changed since it was built; build it again`);
  }
  return file;
}

function failure(folder: string, reason: string): JSockDClientError {
  return new JSockDClientError("CONFIG", `Cannot load the built module in '${folder}': ${reason}`);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

function isManifest(value: unknown): value is Manifest {
  return isObject(value) && value.format === FORMAT && publicKey(value.publicKey) === undefined &&
    isManifestFile(value.module) &&
    (value.sourceMap === undefined || isManifestFile(value.sourceMap));
}

function isManifestFile(value: unknown): value is ManifestFile {
  return isObject(value) && typeof value.sha256 === "string" && typeof value.path === "string" &&
    value.path !== "" && !value.path.startsWith("/") && !value.path.split("/").includes("..");
}
