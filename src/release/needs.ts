import type { JSockDClientError } from "../common/errors.ts";
import { env, type Need, net, permissionError, read, write } from "../config/needs.ts";
import type { CacheLocation } from "./cache_location.ts";
import type { InstallOptions } from "./options.ts";
import { downloadHosts } from "./release.ts";

/** What it takes to use what is in the cache. */
export function cacheNeeds({ path, variable }: CacheLocation): Need[] {
  return [read(path), ...variable === undefined ? [] : [env(variable)]];
}

/** What it takes to put something there. */
export function downloadNeeds(options: InstallOptions, { path }: CacheLocation): Need[] {
  return [write(path), ...hostNeeds(options)];
}

/** What it takes to connect to the hosts that releases are at. */
export function hostNeeds(options: InstallOptions): Need[] {
  return downloadHosts(options).map(net);
}

/** What it takes to find the user's folder for caches. */
export const userFolderNeed: Need = env("HOME");

/** Says that the cache's folder is not known; the flags that it takes cannot be named then. */
export function unknownCacheError(what: string, missing: readonly Need[]): JSockDClientError {
  return permissionError(
    what,
    missing,
    ", and what it says then of the folder for downloads; or name that with cacheDir",
  );
}
