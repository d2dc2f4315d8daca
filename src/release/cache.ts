import { equals } from "@std/bytes/equals";
import { join } from "@std/path/posix/join";
import { JSockDClientError } from "../common/errors.ts";
import { unpackExecutable } from "./archive.ts";
import { type Release, SIGNATURES_FILE } from "./release.ts";
import { verifyArchive } from "./signatures.ts";

/** Largest size of a release archive, in bytes. */
export const MAX_ARCHIVE_BYTES = 64 * 1024 * 1024;

/** Largest size of a signature file, in bytes. */
export const MAX_SIGNATURES_BYTES = 1024 * 1024;

const EXECUTE_BIT = 0o100;

/** The files of a release, as read from a folder. The archive's signature is valid. */
export interface SignedFiles {
  readonly archive: Uint8Array<ArrayBuffer>;
  readonly signatures: Uint8Array<ArrayBuffer>;
  /** The executable in the archive. */
  readonly executable: Uint8Array<ArrayBuffer>;
}

/** A release in the cache that must not be run. */
export interface DamagedRelease {
  /** Says why it must not be run. */
  readonly error: JSockDClientError;
  /** The files to restore the release from; missing if its archive cannot be used. */
  readonly files?: SignedFiles;
}

/** The state of a release in the cache. */
export type CacheState = "valid" | "missing" | DamagedRelease;

/**
 * Checks a release in the cache. It is valid if the archive's signature is, and if the executable
 * is the one in the archive.
 */
export async function inspectCache(release: Release): Promise<CacheState> {
  if (await isMissing(release.folder)) return "missing";
  let files: SignedFiles | undefined;
  try {
    files = await readSignedFiles(release.folder, release);
    await checkExecutable(release.executable, files.executable);
    return "valid";
  } catch (error) {
    return { error: toCacheError(error, release.folder), ...files !== undefined && { files } };
  }
}

/**
 * Reads the files of a release from a folder. The archive is read only once, because it may change
 * on disk between its verification and a second read.
 *
 * @throws {JSockDClientError} `SIGNATURE` if the archive's signature is not valid, `DOWNLOAD` if
 * the archive cannot be unpacked or has no executable.
 */
export async function readSignedFiles(
  folder: string,
  { archiveFile, publicKey }: Release,
): Promise<SignedFiles> {
  const archive = await readFile(join(folder, archiveFile), MAX_ARCHIVE_BYTES);
  const signatures = await readFile(join(folder, SIGNATURES_FILE), MAX_SIGNATURES_BYTES);
  await verifyArchive(
    { file: archiveFile, bytes: archive, signatures: new TextDecoder().decode(signatures) },
    publicKey,
  );
  return { archive, signatures, executable: await unpackExecutable(archive) };
}

/**
 * Moves a folder with a release into the cache, unless the cache holds a valid one by now.
 *
 * Renaming the folder makes all its files appear at once. It is also the only way for a program
 * that may run the executable, because Deno denies writing to a file that `--allow-run` names.
 *
 * @param aside The path that an invalid release is moved to.
 */
export async function putIntoCache(release: Release, folder: string, aside: string): Promise<void> {
  using cache = await Deno.open(release.cacheDir, { read: true });
  await cache.lock(true);
  const state = await inspectCache(release);
  if (state === "valid") return;
  if (state !== "missing") await Deno.rename(release.folder, aside);
  await Deno.rename(folder, release.folder);
}

async function checkExecutable(path: string, expected: Uint8Array): Promise<void> {
  const { mode } = await Deno.stat(path);
  const actual = await readFile(path, expected.length);
  if (equals(actual, expected) && (mode! & EXECUTE_BIT) !== 0) return;
  throw cannotUse(path, "it does not match the signed archive");
}

/** Converts an error that says what is wrong with a release. Throws any other error. */
function toCacheError(error: unknown, folder: string): JSockDClientError {
  if (error instanceof JSockDClientError) return error;
  const isIncomplete = error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.NotADirectory;
  if (isIncomplete) return cannotUse(folder, error.message);
  throw error;
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

/** Reads a file that must be a regular one and not larger than `maxBytes`. */
async function readFile(path: string, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const { isFile, size } = await Deno.lstat(path);
  if (!isFile) throw cannotUse(path, "it is not a regular file");
  if (size > maxBytes) {
    throw cannotUse(path, `it has ${size} bytes, at most ${maxBytes} are allowed`);
  }
  return await Deno.readFile(path);
}

function cannotUse(path: string, reason: string): JSockDClientError {
  return new JSockDClientError("SIGNATURE", `Cannot use '${path}': ${reason}`);
}
