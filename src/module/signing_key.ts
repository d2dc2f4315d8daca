import { join } from "@std/path";
import { publicKeyOf } from "../common/keys.ts";
import { JSockDClientError } from "../common/errors.ts";
import { readIfPresent } from "../common/files.ts";
import { generateKeyPair, type ModuleKeyPair } from "./key_pair.ts";

/**
 * Reads the key that modules are signed with.
 *
 * @param file The private key's file; without one, the folder has a pair of its own, which is made
 * when it is first needed.
 * @throws {JSockDClientError} `CONFIG` if there is no such file, or it holds no private key.
 */
export async function readSigningKey(
  file: string | undefined,
  folder: string,
): Promise<ModuleKeyPair> {
  const path = file ?? await makeOwnKey(folder);
  const bytes = await readIfPresent(path);
  if (bytes === undefined) {
    throw new JSockDClientError(
      "CONFIG",
      `Cannot sign with '${path}': there is no such file; generateKeyPair() makes one`,
    );
  }
  const privateKey = new TextDecoder().decode(bytes).trim();
  try {
    return { privateKey, publicKey: publicKeyOf(privateKey) };
  } catch (cause) {
    throw new JSockDClientError(
      "CONFIG",
      `Cannot sign with '${path}': expected a private key as jsockd -k makes it, 128 hexadecimal ` +
        "digits",
      { cause },
    );
  }
}

async function makeOwnKey(folder: string): Promise<string> {
  const prefix = join(folder, "module");
  const path = `${prefix}.privkey`;
  if (await readIfPresent(path) !== undefined) return path;
  try {
    await generateKeyPair(prefix);
  } catch (error) {
    // Another build may have been quicker.
    if (await readIfPresent(path) === undefined) throw error;
  }
  return path;
}
