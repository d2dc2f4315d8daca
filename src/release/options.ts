import {
  abortSignal,
  callable,
  checkFields,
  type FieldChecks,
  oneOf,
  path,
  publicKey,
  version,
} from "../config/field_checks.ts";
import type { Flavor } from "./platform.ts";
import { isLoopback } from "./urls.ts";

/** How far a download is. */
export interface DownloadProgress {
  /** The name of the file that is being downloaded. */
  readonly file: string;
  /** Bytes that have come; fewer than before when a download that broke off begins again. */
  readonly received: number;
  /** Bytes that there are; missing if the server does not say. */
  readonly total?: number;
}

/** From where JSockD is downloaded, and to where. */
export interface AutoDownloadOptions {
  /** Which build: `default`, or `filc`, memory-safe and slower, for Linux on x86-64 only. */
  flavor?: "default" | "filc";
  /**
   * The folder that downloads are kept in, made if it is missing. Default: `jsockd` in the user's
   * folder for caches, which is `XDG_CACHE_HOME`, `~/.cache` on Linux or `~/Library/Caches` on macOS.
   */
  cacheDir?: string;
  /** Ends the download, or the start; the call then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Is told of each piece that has come. What it throws ends the download. */
  onProgress?: (progress: DownloadProgress) => void;
  /**
   * The address that releases are below, for a mirror: `https:`, or `http:` on this machine. Default:
   * the official releases.
   */
  baseUrl?: string;
  /** The Ed25519 public key that releases are signed with, 64 hexadecimal digits. Default: the official one. */
  publicKey?: string;
}

/** {@linkcode AutoDownloadOptions}, and of which version. */
export interface InstallOptions extends AutoDownloadOptions {
  /** The version of the server. Default: the one that this client expects. */
  version?: string;
}

const CHECKS: FieldChecks<InstallOptions> = {
  flavor: oneOf("default" satisfies Flavor, "filc" satisfies Flavor),
  cacheDir: path,
  signal: abortSignal,
  onProgress: callable,
  baseUrl: (value) =>
    typeof value === "string" && isReleaseUrl(value)
      ? undefined
      : "a URL that begins with 'https:', or with 'http:' and is of this machine, without ? and #",
  publicKey,
  version,
};

/**
 * Checks the options of a download.
 *
 * @returns The options that were given.
 * @throws {JSockDClientError} `CONFIG` if one is unknown or has a value that it cannot have.
 */
export function checkOptions(options: InstallOptions): InstallOptions {
  return checkFields(options, CHECKS, "download options");
}

function isReleaseUrl(text: string): boolean {
  const url = URL.parse(text);
  // The names of files are put at its end.
  if (url === null || /[?#]/.test(text)) return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url));
}
