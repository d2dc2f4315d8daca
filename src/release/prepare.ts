import { JSockDClientError } from "../common/errors.ts";
import { isFileError } from "../common/files.ts";
import { findMissing, type Need, permissionError, read, write } from "../config/needs.ts";
import { type CacheState, type DamagedRelease, inspectCache, type SignedFiles } from "./cache.ts";
import { type CacheLocation, locateCache } from "./cache_location.ts";
import { install, restore } from "./install.ts";
import {
  cacheNeeds,
  downloadNeeds,
  hostNeeds,
  unknownCacheError,
  userFolderNeed,
} from "./needs.ts";
import type { InstallOptions } from "./options.ts";
import { nameOf, Release } from "./release.ts";

/** What the caller needs the release for. */
export interface Purpose {
  /** The purpose as it follows "Cannot" in an error message. */
  readonly what: string;
  /** Returns the permissions for the purpose itself; `executable` is undefined if not known yet. */
  needs(executable: string | undefined): Need[];
}

/**
 * Ensures that the cache holds a verified release. If it does not, restores the release from its
 * archive in the cache, or downloads it.
 *
 * @param options Options that `checkOptions()` has returned.
 * @param timeoutUs Longest time without receiving anything, in microseconds.
 * @returns The path of the executable.
 * @throws {JSockDClientError} As `installJSockD`.
 */
export async function prepare(
  options: InstallOptions,
  timeoutUs: number,
  purpose: Purpose,
): Promise<string> {
  const signal = options.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  const { release, state } = await inspect(options, purpose);
  if (state === "valid") return release.executable;
  return await explainFileErrors(release.cacheDir, async () => {
    const files = filesOf(state);
    if (files !== undefined) {
      await restore(release, files);
      return release.executable;
    }
    try {
      await install(release, { timeoutUs, signal, onProgress: options.onProgress });
    } catch (error) {
      throw state === "missing" ? error : cannotReplace(state, error);
    }
    return release.executable;
  });
}

/** A release and its state in the cache. */
export interface Inspection {
  readonly release: Release;
  readonly state: CacheState;
}

/**
 * Checks the state of a release in the cache, and the permissions to use, download or replace it.
 *
 * @throws {JSockDClientError} `PERMISSION` if permissions are missing, `PLATFORM` if there is no
 * build for this machine, `CONFIG` if the cache folder cannot be used.
 */
export async function inspect(options: InstallOptions, purpose: Purpose): Promise<Inspection> {
  // Without a build for this platform, asking for permissions would be pointless.
  nameOf(options);
  const location = await findCache(options, purpose);
  const release = new Release(options, location.path);
  return await explainFileErrors(release.cacheDir, async () => {
    const mayRead = (await findMissing([read(location.path)])).length === 0;
    const state = mayRead ? await inspectCache(release) : "missing";
    const missing = await findMissing([
      ...purpose.needs(release.executable),
      ...cacheNeeds(location),
      ...installNeeds(state, options, location),
    ]);
    if (missing.length > 0) throw permissionError(purpose.what, missing);
    return { release, state };
  });
}

/** Returns the files that a release can be restored from without a download, if there are any. */
function filesOf(state: CacheState): SignedFiles | undefined {
  return typeof state === "object" ? state.files : undefined;
}

function installNeeds(
  state: CacheState,
  options: InstallOptions,
  location: CacheLocation,
): Need[] {
  if (state === "valid") return [];
  return filesOf(state) === undefined ? downloadNeeds(options, location) : [write(location.path)];
}

/** Returns the cache folder. On a terminal, Deno may first ask for permission to locate it. */
async function findCache(options: InstallOptions, purpose: Purpose): Promise<CacheLocation> {
  const known = locateCache(options.cacheDir);
  if (known !== undefined) return known;
  const missing = await findMissing([
    userFolderNeed,
    ...purpose.needs(undefined),
    ...hostNeeds(options),
  ]);
  const location = locateCache(undefined);
  if (location !== undefined) return location;
  throw unknownCacheError(purpose.what, missing);
}

/** Replaces errors of the file system by ones that name the cache folder. */
async function explainFileErrors<T>(cacheDir: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (cause) {
    // Deny flags can take back a part of what the allow flags grant.
    const isDenied = cause instanceof Deno.errors.NotCapable;
    if (!isDenied && !isFileError(cause)) throw cause;
    throw new JSockDClientError(
      isDenied ? "PERMISSION" : "CONFIG",
      `Cannot keep JSockD in '${cacheDir}': ${cause.message}; choose another folder with cacheDir`,
      { cause },
    );
  }
}

/** Creates the error for a damaged release that could not be replaced by a fresh download. */
function cannotReplace({ error: damage }: DamagedRelease, error: unknown): unknown {
  if (!(error instanceof JSockDClientError) || error.code !== "DOWNLOAD") return error;
  return new JSockDClientError(
    "SIGNATURE",
    `${damage.message}; nothing of it was run, and it could not be replaced: ${error.message}`,
    { cause: error },
  );
}
