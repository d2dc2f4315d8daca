import { join } from "@std/path";
import { publicKeyOf } from "../common/keys.ts";
import { JSockDClientError } from "../common/errors.ts";
import { readIfPresent } from "../common/files.ts";
import { generateKeyPair, type ModuleKeyPair } from "./key_pair.ts";

/**
 * Reads the key to sign modules with.
 *
 * @param file The path of the private key. Default: a key pair in the folder, which is generated if
 * there is none.
 * @throws {JSockDClientError} `CONFIG` if the file does not exist or holds no private key.
 */
export async function readSigningKey(
  file: string | undefined,
  folder: string,
): Promise<ModuleKeyPair> {
  const path = file ?? await ensureKey(folder);
  const bytes = await readIfPresent(path);
  if (bytes === undefined) {
    throw new JSockDClientError(
      "CONFIG",
      `Cannot sign with '${path}': there is no such file; create one with generateKeyPair()`,
    );
  }
  const privateKey = new TextDecoder().decode(bytes).trim();
  try {
    return { privateKey, publicKey: publicKeyOf(privateKey) };
  } catch (cause) {
    throw new JSockDClientError(
      "CONFIG",
      `Cannot sign with '${path}': expected a private key of 128 hexadecimal digits; create one ` +
        "with generateKeyPair()",
      { cause },
    );
  }
}

async function ensureKey(folder: string): Promise<string> {
  const prefix = join(folder, "module");
  const path = `${prefix}.privkey`;
  if (await readIfPresent(path) !== undefined) return path;
  try {
    await generateKeyPair(prefix);
  } catch (error) {
    // Another build may have generated the key meanwhile.
    if (await readIfPresent(path) === undefined) throw error;
  }
  return path;
}
