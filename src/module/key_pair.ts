import { JSockDClientError, messageOf } from "../common/errors.ts";
import { generateKeyPair as generateKeys } from "../common/keys.ts";
import { createFile } from "../common/files.ts";

/** An Ed25519 key pair for modules, in hexadecimal. */
export interface ModuleKeyPair {
  /** The key that servers verify modules with, for `bytecodeModulePublicKey`. */
  readonly publicKey: string;
  /** The key that modules are signed with. Keep it secret. */
  readonly privateKey: string;
}

/** A key pair for modules, with the files that it was written to. */
export interface ModuleKeyFiles extends ModuleKeyPair {
  /** The path of the public key. */
  readonly publicKeyFile: string;
  /** The path of the private key. Only the file's owner may read it. */
  readonly privateKeyFile: string;
}

/**
 * Generates an Ed25519 key pair to sign modules with. Needs no permissions.
 *
 * @returns The key pair.
 *
 * @example In memory
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { generateKeyPair } from "@x/jsockd/module";
 *
 * const { publicKey, privateKey } = await generateKeyPair();
 * assertEquals(publicKey.length, 64);
 * assertEquals(privateKey.length, 128);
 * ```
 */
export function generateKeyPair(): Promise<ModuleKeyPair>;
/**
 * Generates an Ed25519 key pair and writes it to the files `<prefix>.pubkey` and
 * `<prefix>.privkey`, as `jsockd -k` does. Needs permission to write both files and to read their
 * folder.
 *
 * @param prefix The path of the files without `.pubkey` and `.privkey`.
 * @returns The key pair and the paths of the files.
 * @throws {JSockDClientError} `CONFIG` if a file cannot be created or exists. Keys are never
 * overwritten.
 *
 * @example In files
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { generateKeyPair } from "@x/jsockd/module";
 *
 * const folder = await Deno.makeTempDir();
 * const { publicKey, publicKeyFile } = await generateKeyPair(`${folder}/site`);
 * assertEquals(await Deno.readTextFile(publicKeyFile), publicKey);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export function generateKeyPair(prefix: string): Promise<ModuleKeyFiles>;
export async function generateKeyPair(prefix?: string): Promise<ModuleKeyPair | ModuleKeyFiles> {
  const pair = await generateKeys();
  if (prefix === undefined) return pair;
  const publicKeyFile = `${prefix}.pubkey`;
  const privateKeyFile = `${prefix}.privkey`;
  await createKeyFile(privateKeyFile, pair.privateKey, 0o600);
  try {
    await createKeyFile(publicKeyFile, pair.publicKey, 0o644);
  } catch (error) {
    await Deno.remove(privateKeyFile);
    throw error;
  }
  return { ...pair, publicKeyFile, privateKeyFile };
}

async function createKeyFile(path: string, key: string, mode: number): Promise<void> {
  try {
    await createFile(path, key, mode);
  } catch (cause) {
    const reason = cause instanceof Deno.errors.AlreadyExists
      ? "it exists, and keys are never overwritten; remove it or choose another name"
      : messageOf(cause);
    throw new JSockDClientError("CONFIG", `Cannot create the key file '${path}': ${reason}`, {
      cause,
    });
  }
}
