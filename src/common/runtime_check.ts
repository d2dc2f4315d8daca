import { JSockDClientError } from "./errors.ts";

/** The oldest Deno that can be allowed to use a Unix socket by its path. */
export const OLDEST_DENO = "2.9";

/**
 * Refuses a runtime in which the package would fail later, and less clearly.
 *
 * @param denoVersion The version of Deno; undefined on another runtime.
 * @throws {JSockDClientError} `PLATFORM` if it is too old, or there is none.
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

/** Compares without `Intl`, whose start would be felt in every import. */
function isOlder(version: string, other: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split(".").map(Number);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

// Evaluated before what the entry points import after it.
checkRuntime(globalThis.Deno?.version.deno);
