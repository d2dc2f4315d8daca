import type { JSockDClientError } from "../common/errors.ts";
import { env, type Need, net, permissionError, read, write } from "../config/needs.ts";
import type { CacheLocation } from "./cache_location.ts";
import type { InstallOptions } from "./options.ts";
import { downloadHosts } from "./release.ts";

/** Returns the permissions to use a cached release. */
export function cacheNeeds({ path, variable }: CacheLocation): Need[] {
  return [read(path), ...variable === undefined ? [] : [env(variable)]];
}

/** Returns the permissions to download a release into the cache. */
export function downloadNeeds(options: InstallOptions, { path }: CacheLocation): Need[] {
  return [write(path), ...hostNeeds(options)];
}

/** Returns the permissions to connect to the hosts that a release is downloaded from. */
export function hostNeeds(options: InstallOptions): Need[] {
  return downloadHosts(options).map(net);
}

/** The permission to locate the user's cache folder. */
export const userFolderNeed: Need = env("HOME");

/**
 * Creates the error for a cache folder that cannot be located without more permissions. The flags
 * for the folder itself cannot be named yet.
 */
export function unknownCacheError(what: string, missing: readonly Need[]): JSockDClientError {
  return permissionError(
    what,
    missing,
    ", and then the flags for the cache folder, which the next message names; or choose a folder " +
      "with cacheDir",
  );
}
