import type { InstallOptions, JSockDConfig } from "../../mod.ts";
import { JSockDClientError } from "../errors.ts";
import { findMissing, permissionError, read } from "../needs.ts";
import { serverNeeds } from "../permissions.ts";
import { type CacheState, inspectCache } from "../release/cache.ts";
import { locateCache } from "../release/cache_location.ts";
import { cacheNeeds, downloadNeeds, unknownCacheError, userFolderNeed } from "../release/needs.ts";
import { releaseName } from "../release/platform.ts";
import { Release } from "../release/release.ts";
import type { Checks } from "./diagnosis.ts";

/** What must be right for a server that is downloaded. */
export function downloadChecks(config: JSockDConfig, options: InstallOptions): Checks {
  return {
    platform: () => releaseName(config.jsockdVersion, options.flavor ?? "default"),
    permissions: async () => {
      const { location, release } = locate(options);
      const mayRead = (await findMissing([read(location.path)])).length === 0;
      const isKept = mayRead && await inspectCache(release) === "sound";
      const missing = await findMissing([
        ...serverNeeds(config, release.executable),
        ...cacheNeeds(location),
        ...isKept ? [] : downloadNeeds(options, location),
      ]);
      if (missing.length > 0) throw permissionError("start the server", missing);
      return "all are given";
    },
    cache: async () => {
      const { release } = locate(options);
      return describeCache(release, await inspectCache(release));
    },
  };
}

function locate(options: InstallOptions) {
  const location = locateCache(options.cacheDir);
  if (location === undefined) throw unknownCacheError("start the server", [userFolderNeed]);
  return { location, release: new Release(options, location.path) };
}

function describeCache({ folder }: Release, state: CacheState): string {
  if (state === "sound") return `'${folder}' is as it was signed`;
  if (state === "missing") return `'${folder}' is not there, and is downloaded now`;
  throw new JSockDClientError(
    state.code,
    `${state.message}; find out who changed it, and run 'jsockd install' to have it replaced`,
    { cause: state },
  );
}
