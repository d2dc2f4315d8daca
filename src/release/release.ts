import { join, resolve } from "@std/path";
import { JSOCKD_VERSION } from "../common/version.ts";
import type { InstallOptions } from "./options.ts";
import { releaseName } from "./platform.ts";
import { hostAndPort } from "./urls.ts";

/** The address that the official releases are below. */
const OFFICIAL_BASE_URL = "https://github.com/addrummond/jsockd/releases/download";

/** Where that address redirects to. */
const OFFICIAL_REDIRECT_HOSTS: readonly string[] = [
  "release-assets.githubusercontent.com:443",
  "objects.githubusercontent.com:443",
];

/** The key that the official releases are signed with. */
export const OFFICIAL_PUBLIC_KEY =
  "b136fca8fbfc42fe6dc95dedd035b0b50ad93b6a5d6fcaf8fc0552e9d29ee406";

/** The file of a release that holds the signatures of its archives. */
export const SIGNATURES_FILE = "ed25519_signatures.txt";

/** The name of the executable, in the archive and in the cache. */
export const EXECUTABLE_FILE = "jsockd";

/**
 * The name of the release that the options ask for.
 *
 * @throws {JSockDClientError} `PLATFORM` if there is none for this platform.
 */
export function nameOf({ version = JSOCKD_VERSION, flavor = "default" }: InstallOptions): string {
  return releaseName(version, flavor);
}

/** One build of one release: what it is called, where it comes from and where it is kept. */
export class Release {
  /** Such as `jsockd-0.0.139-linux-x86_64`. */
  readonly name: string;
  /** The folder that this and other releases are kept in. */
  readonly cacheDir: string;
  /** Who must have signed it, hexadecimal. */
  readonly publicKey: string;
  readonly #version: string;
  readonly #baseUrl: string;

  /**
   * Describes a release.
   *
   * @throws {JSockDClientError} `PLATFORM` if there is none for this platform.
   */
  constructor(options: InstallOptions, cacheDir: string) {
    this.#version = options.version ?? JSOCKD_VERSION;
    this.#baseUrl = options.baseUrl ?? OFFICIAL_BASE_URL;
    this.name = nameOf(options);
    this.publicKey = options.publicKey ?? OFFICIAL_PUBLIC_KEY;
    this.cacheDir = resolve(cacheDir);
  }

  /** The name of the archive. */
  get archiveFile(): string {
    return `${this.name}.tar.gz`;
  }

  /** The folder that archive, signatures and executable are kept in. */
  get folder(): string {
    return join(this.cacheDir, this.name);
  }

  /** The path of the executable. */
  get executable(): string {
    return join(this.folder, EXECUTABLE_FILE);
  }

  /** Where a file of the release is downloaded from. */
  url(file: string): URL {
    return new URL(`${this.#baseUrl.replace(/\/+$/, "")}/v${this.#version}/${file}`);
  }
}

/** The hosts that a download connects to. */
export function downloadHosts({ baseUrl }: InstallOptions): string[] {
  return baseUrl === undefined
    ? [hostAndPort(new URL(OFFICIAL_BASE_URL)), ...OFFICIAL_REDIRECT_HOSTS]
    : [hostAndPort(new URL(baseUrl))];
}
