import { JSockDClientError, messageOf } from "../common/errors.ts";
import { generateKeyPair as generateKeys } from "../common/keys.ts";
import { createFile } from "../common/files.ts";

/** A key pair for modules, as hexadecimal text. */
export interface ModuleKeyPair {
  /** What servers check modules with: `bytecodeModulePublicKey`. */
  readonly publicKey: string;
  /** What modules are signed with: keep it secret. */
  readonly privateKey: string;
}

/** A key pair for modules, and the files that it was written to. */
export interface ModuleKeyFiles extends ModuleKeyPair {
  /** The file of the public key. */
  readonly publicKeyFile: string;
  /** The file of the private key, which only its owner may read. */
  readonly privateKeyFile: string;
}

/**
 * Makes an Ed25519 key pair to sign modules with, in memory. It takes no permissions.
 *
 * @returns The pair.
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
 * Makes an Ed25519 key pair and writes it to files as `jsockd -k` does: `<prefix>.pubkey` and
 * `<prefix>.privkey`. It takes write permission for both, and read permission for the folder.
 *
 * @param prefix The path that the files' names begin with.
 * @returns The pair, and where it was written.
 * @throws {JSockDClientError} `CONFIG` if one of the files exists, for no key is ever overwritten, or
 * cannot be made.
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
      ? "it exists, and keys are not overwritten; remove it, or choose another name"
      : messageOf(cause);
    throw new JSockDClientError("CONFIG", `Cannot make the key file '${path}': ${reason}`, {
      cause,
    });
  }
}
