import { isAbsolute, join } from "@std/path";
import { JSockDClientError } from "../common/errors.ts";

/** Where releases are kept. */
export interface CacheLocation {
  readonly path: string;
  /** The environment variable that tells; missing if the caller did. */
  readonly variable?: string;
}

/** The variables that tell where caches are, first come first served, and where in that folder. */
const CANDIDATES: readonly (readonly [variable: string, subfolder: string])[] =
  Deno.build.os === "darwin"
    ? [["HOME", "Library/Caches"]]
    : [["XDG_CACHE_HOME", ""], ["HOME", ".cache"]];

/**
 * Finds the folder for releases.
 *
 * @param cacheDir The folder, if the caller names one.
 * @returns undefined if the variable that would tell may not be read.
 * @throws {JSockDClientError} `CONFIG` if no variable tells.
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
    `Cannot find a folder to keep JSockD in: the environment variable HOME is not set; name one ` +
      "with cacheDir",
  );
}

function mayRead(variable: string): boolean {
  return Deno.permissions.querySync({ name: "env", variable }).state === "granted";
}
