import { readIfPresent } from "../../common/files.ts";

/** Returns the SHA-256 hash of bytes or text, in hexadecimal. */
export async function hash(content: Uint8Array<ArrayBuffer> | string): Promise<string> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** Returns the hash of a file, or null if there is none. */
async function hashFile(path: string): Promise<string | null> {
  const bytes = await readIfPresent(path);
  return bytes === undefined ? null : await hash(bytes);
}

/** The hashes of files, by path; null for a missing file. */
export type FileHashes = Readonly<Record<string, string | null>>;

/** Returns the hashes of files. */
export async function hashFiles(paths: readonly string[]): Promise<FileHashes> {
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await hashFile(path)] as const)),
  );
}

/** Returns whether all files still have these hashes. */
export async function areUnchanged(files: FileHashes): Promise<boolean> {
  const comparisons = await Promise.all(
    Object.entries(files).map(async ([path, known]) => await hashFile(path) === known),
  );
  return comparisons.every((isSame) => isSame);
}
