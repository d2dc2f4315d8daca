import { JSockDClientError } from "./errors.ts";

/** The oldest Deno whose `--allow-net` accepts the path of a Unix socket. */
export const OLDEST_DENO = "2.9";

/**
 * Throws in a runtime where the package would fail later with a less clear error.
 *
 * @param denoVersion The version of Deno; undefined in another runtime.
 * @throws {JSockDClientError} `PLATFORM` if Deno is too old, or the runtime is not Deno.
 */
export function checkRuntime(denoVersion: string | undefined): void {
  if (denoVersion === undefined) {
    throw new JSockDClientError(
      "PLATFORM",
      `Cannot use @x/jsockd without Deno: run this program with Deno ${OLDEST_DENO} or later, from https://deno.com`,
    );
  }
  if (isOlder(denoVersion, OLDEST_DENO)) {
    throw new JSockDClientError(
      "PLATFORM",
      `Cannot use @x/jsockd with Deno ${denoVersion}, which is older than ${OLDEST_DENO}: run 'deno upgrade'`,
    );
  }
}

/** Compares versions without `Intl`, which is slow to load and would delay every import. */
function isOlder(version: string, other: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split(".").map(Number);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

// Entry points import this module first, so the check runs before any other module is evaluated.
checkRuntime(globalThis.Deno?.version.deno);
