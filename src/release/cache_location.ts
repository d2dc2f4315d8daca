import { isAbsolute } from "@std/path/posix/is-absolute";
import { join } from "@std/path/posix/join";
import { JSockDClientError } from "../common/errors.ts";

/** The folder that releases are kept in. */
export interface CacheLocation {
  readonly path: string;
  /** The environment variable that the path comes from; missing if the caller gave the path. */
  readonly variable?: string;
}

/**
 * The environment variables that locate the user's cache folder, in order of precedence, each with
 * the path from its value to that folder.
 */
const CANDIDATES: readonly (readonly [variable: string, subfolder: string])[] =
  Deno.build.os === "darwin"
    ? [["HOME", "Library/Caches"]]
    : [["XDG_CACHE_HOME", ""], ["HOME", ".cache"]];

/**
 * Returns the folder that releases are kept in.
 *
 * @param cacheDir The folder that the caller has chosen, if any.
 * @returns The folder; undefined if Deno may not read the environment variable that locates it.
 * @throws {JSockDClientError} `CONFIG` if no environment variable locates it.
 */
export function locateCache(cacheDir: string | undefined): CacheLocation | undefined {
  if (cacheDir !== undefined) return { path: cacheDir };
  const readable = CANDIDATES.filter(([variable]) => mayRead(variable));
  for (const [variable, subfolder] of readable) {
    const path = Deno.env.get(variable);
    if (path && isAbsolute(path)) return { path: join(path, subfolder, "jsockd"), variable };
  }
  if (!mayRead("HOME")) return undefined;
  throw new JSockDClientError(
    "CONFIG",
    "Cannot find a cache folder for JSockD: the environment variable HOME is not set to an " +
      "absolute path; set it, or choose a folder with cacheDir",
  );
}

function mayRead(variable: string): boolean {
  return Deno.permissions.querySync({ name: "env", variable }).state === "granted";
}
