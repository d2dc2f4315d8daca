import { join } from "@std/path/posix/join";
import { resolve } from "@std/path/posix/resolve";
import { JSockDClientError } from "../common/errors.ts";

/**
 * The largest number of bytes in the path of a Unix socket: the size of `sun_path` without its NUL.
 */
const MAX_PATH_BYTES = Deno.build.os === "linux" ? 107 : 103;

/** Room for the names of a temporary folder and of a socket in it, in bytes. */
const ADDED_BYTES = 48;

/**
 * One of two sets of socket names. A server and its replacement run together, so they must differ.
 */
export type SocketSet = 0 | 1;

/**
 * Returns the parent of temporary folders: TMPDIR if it may be read and is short enough, else
 * `/tmp`.
 */
export function temporaryFolder(): string {
  const mayRead =
    Deno.permissions.querySync({ name: "env", variable: "TMPDIR" }).state === "granted";
  const preferred = mayRead ? Deno.env.get("TMPDIR") : undefined;
  if (!preferred || byteLength(resolve(preferred)) + ADDED_BYTES > MAX_PATH_BYTES) return "/tmp";
  return resolve(preferred);
}

/** Returns the paths of the sockets of `nThreads` threads. */
export function socketPaths(folder: string, nThreads: number, set: SocketSet = 0): string[] {
  const suffix = set === 0 ? "" : "b";
  return Array.from({ length: nThreads }, (_, i) => join(folder, `jsd_${i}${suffix}.sock`));
}

/**
 * Checks that the paths of all sockets are short enough.
 *
 * @throws {JSockDClientError} `CONFIG` if one is too long for the platform.
 */
export function checkSocketPaths(socketDir: string, nThreads: number, set: SocketSet): void {
  const longest = socketPaths(resolve(socketDir), nThreads, set).at(-1)!;
  if (byteLength(longest) <= MAX_PATH_BYTES) return;
  throw new JSockDClientError(
    "CONFIG",
    `Cannot use socketDir: the socket path '${longest}' has ${
      byteLength(longest)
    } bytes, the limit on this platform is ${MAX_PATH_BYTES}; choose a folder with a shorter path`,
  );
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
