import type { InstallOptions } from "../../mod.ts";
import type { Flavor } from "../release/platform.ts";
import type { Options, Values } from "./command.ts";
import { withoutUndefined } from "./without_undefined.ts";

/** The options that say what to download, from where, and to where. */
export const DOWNLOAD_OPTIONS = {
  flavor: { value: "F", help: "build: default, or filc, memory-safe and slower" },
  "cache-dir": { value: "DIR", help: "folder that downloads are kept in" },
  "base-url": { value: "URL", help: "address of a mirror of the releases" },
  "release-key": { value: "HEX", help: "key that the mirror's releases are signed with" },
} as const satisfies Options;

/** What is given for them, and which version to download. */
type DownloadValues = Values<typeof DOWNLOAD_OPTIONS> & { readonly version: string | undefined };

/** Makes of what is given the options of a download. */
export function toInstallOptions(values: DownloadValues): InstallOptions {
  return withoutUndefined({
    version: values.version,
    // What is no flavor is refused with the other options, by the download.
    flavor: values.flavor as Flavor | undefined,
    cacheDir: values["cache-dir"],
    baseUrl: values["base-url"],
    publicKey: values["release-key"],
  });
}
