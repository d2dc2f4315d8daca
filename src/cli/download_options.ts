import type { InstallOptions } from "../../mod.ts";
import type { Flavor } from "../release/platform.ts";
import type { Options, Values } from "./command.ts";
import { withoutUndefined } from "./without_undefined.ts";

/** The options for downloading a server. */
export const DOWNLOAD_OPTIONS = {
  flavor: { value: "F", help: "build: default, or filc (memory-safe and slower)" },
  "cache-dir": { value: "DIR", help: "folder that downloads are kept in" },
  "base-url": { value: "URL", help: "base URL of a mirror of the releases" },
  "release-key": { value: "HEX", help: "public key of the mirror's releases" },
} as const satisfies Options;

/** The values of the download options, and the version to download. */
type DownloadValues = Values<typeof DOWNLOAD_OPTIONS> & { readonly version: string | undefined };

/** Converts the values of the download options to the options of `installJSockD()`. */
export function toInstallOptions(values: DownloadValues): InstallOptions {
  return withoutUndefined({
    version: values.version,
    // Not checked here: `installJSockD()` refuses an unknown flavor.
    flavor: values.flavor as Flavor | undefined,
    cacheDir: values["cache-dir"],
    baseUrl: values["base-url"],
    publicKey: values["release-key"],
  });
}
