import { readIfPresent } from "../../common/files.ts";

/** The SHA-256 of bytes or text, in hexadecimal. */
export async function hash(content: Uint8Array<ArrayBuffer> | string): Promise<string> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** The hash of a file; null if there is none. */
async function hashFile(path: string): Promise<string | null> {
  const bytes = await readIfPresent(path);
  return bytes === undefined ? null : await hash(bytes);
}

/** Files by path, each with its hash, or null for one that is not there. */
export type FileHashes = Readonly<Record<string, string | null>>;

/** Hashes files. */
export async function hashFiles(paths: readonly string[]): Promise<FileHashes> {
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await hashFile(path)] as const)),
  );
}

/** Whether all files still are what they were. */
export async function areUnchanged(files: FileHashes): Promise<boolean> {
  const present = await Promise.all(
    Object.entries(files).map(async ([path, known]) => await hashFile(path) === known),
  );
  return present.every((isSame) => isSame);
}
