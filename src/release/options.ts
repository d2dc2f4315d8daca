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
import type { SandboxOptions } from "../sandbox/options.ts";
import type { Flavor } from "./platform.ts";
import { isLoopback } from "./urls.ts";

/** Progress of a download. */
export interface DownloadProgress {
  /** The name of the file that is being downloaded. */
  readonly file: string;
  /** Bytes received so far. The number falls when a download that broke off starts again. */
  readonly received: number;
  /** Size of the file in bytes; missing if the server does not report it. */
  readonly total?: number;
}

/** Options for downloading JSockD. */
export interface AutoDownloadOptions {
  /**
   * The build: `default`, or `filc`, which is memory-safe, slower, and for Linux on x86-64 only.
   */
  flavor?: "default" | "filc";
  /**
   * The folder that downloads are kept in. It is created if it does not exist. Default: `jsockd` in
   * the user's cache folder, which is `XDG_CACHE_HOME` or `~/.cache` on Linux and
   * `~/Library/Caches` on macOS.
   */
  cacheDir?: string;
  /** Aborts the download or the start. The call then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Called for each piece that is received. If it throws, the download ends with that error. */
  onProgress?: (progress: DownloadProgress) => void;
  /**
   * The base URL of a mirror of the releases: `https:`, or `http:` on this machine. Default: the
   * official releases.
   */
  baseUrl?: string;
  /**
   * The Ed25519 public key that releases are signed with, 64 hexadecimal digits. Default: the key
   * of the official releases.
   */
  publicKey?: string;
  /**
   * Runs the server in a sandbox, as `sandboxedServer()` does; `{}` for the default options. Default:
   * no sandbox.
   */
  sandbox?: SandboxOptions;
}

/** {@linkcode AutoDownloadOptions} for an installation alone, plus the version to download. */
export interface InstallOptions extends Omit<AutoDownloadOptions, "sandbox"> {
  /** The version of the server. Default: the version that this client expects. */
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
      : "a URL that begins with 'https:', or with 'http:' for this machine, without ? and #",
  publicKey,
  version,
};

/**
 * Checks download options.
 *
 * @returns The options without those that are undefined.
 * @throws {JSockDClientError} `CONFIG` if an option is unknown or its value is not allowed.
 */
export function checkOptions(options: InstallOptions): InstallOptions {
  return checkFields(options, CHECKS, "download options");
}

function isReleaseUrl(text: string): boolean {
  const url = URL.parse(text);
  // File names are appended to the URL.
  if (url === null || /[?#]/.test(text)) return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url));
}
