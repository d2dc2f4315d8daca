import { join, resolve } from "@std/path";
import { JSockDClientError } from "../common/errors.ts";

/** Bytes of a Unix socket's path: `sun_path` less its NUL. */
const MAX_PATH_BYTES = Deno.build.os === "linux" ? 107 : 103;

/** Bytes that a fresh folder's name and a socket's name add to the path of the folder they are in. */
const ADDED_BYTES = 48;

/** Which of the two sets of names sockets have: a server and the one that replaces it run together. */
export type SocketSet = 0 | 1;

/** The folder that fresh temporary folders are made in: one that leaves room for a socket's name. */
export function temporaryFolder(): string {
  const mayRead =
    Deno.permissions.querySync({ name: "env", variable: "TMPDIR" }).state === "granted";
  const preferred = mayRead ? Deno.env.get("TMPDIR") : undefined;
  if (!preferred || byteLength(resolve(preferred)) + ADDED_BYTES > MAX_PATH_BYTES) return "/tmp";
  return resolve(preferred);
}

/** The paths of the sockets of `nThreads` threads. */
export function socketPaths(folder: string, nThreads: number, set: SocketSet = 0): string[] {
  const suffix = set === 0 ? "" : "b";
  return Array.from({ length: nThreads }, (_, i) => join(folder, `jsd_${i}${suffix}.sock`));
}

/**
 * Refuses a folder whose sockets no program could bind.
 *
 * @throws {JSockDClientError} `CONFIG` if a socket's path is too long for the platform.
 */
export function checkSocketPaths(socketDir: string, nThreads: number, set: SocketSet): void {
  const longest = socketPaths(resolve(socketDir), nThreads, set).at(-1)!;
  if (byteLength(longest) <= MAX_PATH_BYTES) return;
  throw new JSockDClientError(
    "CONFIG",
    `Cannot use socketDir: the socket path '${longest}' has ${
      byteLength(longest)
    } bytes, the limit on this platform is ${MAX_PATH_BYTES}; choose a shorter folder`,
  );
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
