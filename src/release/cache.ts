import { equals } from "@std/bytes/equals";
import { join } from "@std/path";
import { JSockDClientError } from "../common/errors.ts";
import { unpackExecutable } from "./archive.ts";
import { type Release, SIGNATURES_FILE } from "./release.ts";
import { verifyArchive } from "./signatures.ts";

/** Bytes that a release's archive may have. */
export const MAX_ARCHIVE_BYTES = 64 * 1024 * 1024;

/** Bytes that a signature file may have. */
export const MAX_SIGNATURES_BYTES = 1024 * 1024;

const EXECUTE_BIT = 0o100;

/** What of a release is in the cache: all of it as signed, nothing, or what may not be run, and why. */
export type CacheState = "sound" | "missing" | JSockDClientError;

/**
 * Looks at what is in the cache. The archive must be as signed, and the executable as in the archive.
 */
export async function inspectCache(release: Release): Promise<CacheState> {
  if (await isMissing(release.folder)) return "missing";
  try {
    const expected = await readSignedExecutable(release.folder, release);
    const { mode } = await Deno.stat(release.executable);
    const actual = await readFile(release.executable, expected.length);
    if (equals(actual, expected) && (mode! & EXECUTE_BIT) !== 0) return "sound";
    return cannotUse(release.executable, "it is not what the signed archive holds");
  } catch (error) {
    if (error instanceof JSockDClientError) return error;
    const isIncomplete = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (isIncomplete) return cannotUse(release.folder, error.message);
    throw error;
  }
}

/**
 * Reads the executable out of the archive in a folder. What is on the disk may change at any time, so
 * it is the bytes that were verified that are unpacked.
 *
 * @throws {JSockDClientError} `SIGNATURE` if the archive is not signed as it must be, `DOWNLOAD` if it
 * is, and holds no executable.
 */
export async function readSignedExecutable(
  folder: string,
  { archiveFile, publicKey }: Release,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readFile(join(folder, archiveFile), MAX_ARCHIVE_BYTES);
  const signatures = await readFile(join(folder, SIGNATURES_FILE), MAX_SIGNATURES_BYTES);
  await verifyArchive(
    { file: archiveFile, bytes, signatures: new TextDecoder().decode(signatures) },
    publicKey,
  );
  return await unpackExecutable(bytes);
}

/**
 * Puts a folder with a release into the cache, unless another process has.
 *
 * It is the folder that is renamed, so that all of it is there at once. A program that may run the
 * executable could not write it there otherwise: Deno denies writing to what `--allow-run` names.
 *
 * @param aside A path for what is there and may not be run.
 */
export async function putIntoCache(release: Release, folder: string, aside: string): Promise<void> {
  using cache = await Deno.open(release.cacheDir, { read: true });
  await cache.lock(true);
  const state = await inspectCache(release);
  if (state === "sound") return;
  if (state !== "missing") await Deno.rename(release.folder, aside);
  await Deno.rename(folder, release.folder);
}

async function isMissing(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return false;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
}

/** Reads a regular file of not more than so many bytes. */
async function readFile(path: string, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const { isFile, size } = await Deno.lstat(path);
  if (!isFile) throw cannotUse(path, "it is not a regular file");
  if (size > maxBytes) throw cannotUse(path, `it has ${size} bytes, of at most ${maxBytes}`);
  return await Deno.readFile(path);
}

function cannotUse(path: string, reason: string): JSockDClientError {
  return new JSockDClientError("SIGNATURE", `Cannot use '${path}': ${reason}`);
}
