import { join } from "@std/path/posix/join";
import { resolve } from "@std/path/posix/resolve";
import { JSOCKD_VERSION } from "../common/version.ts";
import type { InstallOptions } from "./options.ts";
import { releaseName } from "./platform.ts";
import { hostAndPort } from "./urls.ts";

/** The base URL of the official releases. */
const OFFICIAL_BASE_URL = "https://github.com/addrummond/jsockd/releases/download";

/** The hosts that the official base URL redirects to. */
const OFFICIAL_REDIRECT_HOSTS: readonly string[] = [
  "release-assets.githubusercontent.com:443",
  "objects.githubusercontent.com:443",
];

/** The public key of the official releases, in hexadecimal. */
export const OFFICIAL_PUBLIC_KEY =
  "b136fca8fbfc42fe6dc95dedd035b0b50ad93b6a5d6fcaf8fc0552e9d29ee406";

/** The file name of a release's signatures. */
export const SIGNATURES_FILE = "ed25519_signatures.txt";

/** The file name of the executable, in the archive and in the cache. */
export const EXECUTABLE_FILE = "jsockd";

/**
 * Returns the name of the build that the options select.
 *
 * @throws {JSockDClientError} `PLATFORM` if there is none for this platform.
 */
export function nameOf({ version = JSOCKD_VERSION, flavor = "default" }: InstallOptions): string {
  return releaseName(version, flavor);
}

/** One build of one release: its name, its URLs, and its place in the cache. */
export class Release {
  /** Such as `jsockd-0.0.139-linux-x86_64`. */
  readonly name: string;
  /** The folder that all releases are kept in. */
  readonly cacheDir: string;
  /** The public key that the archive must be signed with, in hexadecimal. */
  readonly publicKey: string;
  readonly #version: string;
  readonly #baseUrl: string;

  /**
   * Creates the description of a release.
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

  /** The file name of the archive. */
  get archiveFile(): string {
    return `${this.name}.tar.gz`;
  }

  /** The folder of this release in the cache, with archive, signatures and executable. */
  get folder(): string {
    return join(this.cacheDir, this.name);
  }

  /** The path of the executable in the cache. */
  get executable(): string {
    return join(this.folder, EXECUTABLE_FILE);
  }

  /** Returns the URL that a file of the release is downloaded from. */
  url(file: string): URL {
    return new URL(`${this.#baseUrl.replace(/\/+$/, "")}/v${this.#version}/${file}`);
  }
}

/** Returns the hosts that a download connects to, each with its port. */
export function downloadHosts({ baseUrl }: InstallOptions): string[] {
  return baseUrl === undefined
    ? [hostAndPort(new URL(OFFICIAL_BASE_URL)), ...OFFICIAL_REDIRECT_HOSTS]
    : [hostAndPort(new URL(baseUrl))];
}
