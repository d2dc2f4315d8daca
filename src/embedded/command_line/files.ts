import { messageOf } from "../../common/errors.ts";
import type { EngineFiles, Log, ModuleSource } from "../engines/engine.ts";

/**
 * Reads a compiled module and its source map. If the source map cannot be read, that is only
 * logged, because it changes no result.
 *
 * @throws If the module cannot be read, or its signature is not valid.
 */
export async function readServerFiles(
  paths: { readonly module: string | undefined; readonly sourceMap: string | undefined },
  log: Log,
): Promise<EngineFiles> {
  return {
    module: paths.module === undefined ? undefined : await readModule(paths.module),
    sourceMap: paths.sourceMap === undefined ? undefined : readSourceMap(paths.sourceMap, log),
  };
}

/** Writes a new key pair to `PREFIX.pubkey` and `PREFIX.privkey`. Throws if either file exists. */
export async function writeKeyFiles(prefix: string): Promise<void> {
  const { generateKeyPair } = await import("../../common/keys.ts");
  const { publicKey, privateKey } = await generateKeyPair();
  const privateKeyFile = `${prefix}.privkey`;
  Deno.writeTextFileSync(privateKeyFile, privateKey, { createNew: true, mode: 0o600 });
  try {
    Deno.writeTextFileSync(`${prefix}.pubkey`, publicKey, { createNew: true });
  } catch (error) {
    Deno.removeSync(privateKeyFile);
    throw error;
  }
}

async function readModule(path: string): Promise<ModuleSource> {
  const publicKey = Deno.env.get("JSOCKD_BYTECODE_MODULE_PUBLIC_KEY") ?? "";
  try {
    const { decodeModuleFile } = await import("./module_file.ts");
    return await decodeModuleFile(Deno.readFileSync(path), publicKey);
  } catch (error) {
    throw new Error(`Cannot load the module ${path}: ${messageOf(error)}`, { cause: error });
  }
}

function readSourceMap(path: string, log: Log): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    log("ERROR", `Cannot load the source map ${path}, continuing without: ${messageOf(error)}`);
    return undefined;
  }
}
