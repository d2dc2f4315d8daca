import { JSockDClientError } from "../common/errors.ts";
import { isFileError } from "../common/files.ts";
import { findMissing, type Need, permissionError, read } from "../config/needs.ts";
import { type CacheState, inspectCache } from "./cache.ts";
import { type CacheLocation, locateCache } from "./cache_location.ts";
import { install } from "./install.ts";
import {
  cacheNeeds,
  downloadNeeds,
  hostNeeds,
  unknownCacheError,
  userFolderNeed,
} from "./needs.ts";
import type { InstallOptions } from "./options.ts";
import { nameOf, Release } from "./release.ts";

/** What a release is made ready for. */
export interface Purpose {
  /** In words. */
  readonly what: string;
  /** What else it takes. The executable is undefined where it is not known. */
  needs(executable: string | undefined): Need[];
}

/**
 * Makes sure that a release is in the cache, as signed: downloads what is not.
 *
 * @param options Checked ones.
 * @param timeoutUs Longest time in which nothing comes, in microseconds.
 * @returns The path of the executable.
 * @throws {JSockDClientError} as `installJSockD`.
 */
export async function prepare(
  options: InstallOptions,
  timeoutUs: number,
  purpose: Purpose,
): Promise<string> {
  const signal = options.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  const { release, state } = await inspect(options, purpose);
  if (state === "sound") return release.executable;
  return await explainFileErrors(release.cacheDir, async () => {
    try {
      await install(release, { timeoutUs, signal, onProgress: options.onProgress });
    } catch (error) {
      throw state === "missing" ? error : cannotRepair(state, error);
    }
    return release.executable;
  });
}

/** A release, and what of it is in the cache. */
export interface Inspection {
  readonly release: Release;
  readonly state: CacheState;
}

/**
 * Looks at what is in the cache, and whether all permissions are given to make of it what is needed.
 *
 * @throws {JSockDClientError} `PERMISSION` if one is missing, `PLATFORM` or `CONFIG`.
 */
export async function inspect(options: InstallOptions, purpose: Purpose): Promise<Inspection> {
  // Where there is no build, neither the folder nor any permission would help.
  nameOf(options);
  const location = await findCache(options, purpose);
  const release = new Release(options, location.path);
  return await explainFileErrors(release.cacheDir, async () => {
    const mayRead = (await findMissing([read(location.path)])).length === 0;
    const state = mayRead ? await inspectCache(release) : "missing";
    const missing = await findMissing([
      ...purpose.needs(release.executable),
      ...cacheNeeds(location),
      ...state === "sound" ? [] : downloadNeeds(options, location),
    ]);
    if (missing.length > 0) throw permissionError(purpose.what, missing);
    return { release, state };
  });
}

/** Finds the folder for releases; on a terminal Deno may ask whether that may be looked up. */
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

/** Says what is wrong with the cache's folder. */
async function explainFileErrors<T>(cacheDir: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (cause) {
    // Deno may have been told to deny part of what it was told to allow.
    const isDenied = cause instanceof Deno.errors.NotCapable;
    if (!isDenied && !isFileError(cause)) throw cause;
    throw new JSockDClientError(
      isDenied ? "PERMISSION" : "CONFIG",
      `Cannot keep JSockD in '${cacheDir}': ${cause.message}; choose another folder with cacheDir`,
      { cause },
    );
  }
}

/** Nothing could replace what must not be run: it is this that the caller must know. */
function cannotRepair(damage: JSockDClientError, error: unknown): unknown {
  if (!(error instanceof JSockDClientError) || error.code !== "DOWNLOAD") return error;
  return new JSockDClientError(
    "SIGNATURE",
    `${damage.message}; nothing of it was run, and it could not be replaced: ${error.message}`,
    { cause: error },
  );
}
