import { join, resolve } from "@std/path";
import { JSockDClientError } from "../errors.ts";

/** Bytes of a Unix socket's path: `sun_path` less its NUL. */
const MAX_PATH_BYTES = Deno.build.os === "linux" ? 107 : 103;

/** Bytes that a fresh folder's name and a socket's name add to the path of the folder they are in. */
const ADDED_BYTES = 48;

/** Which of the two sets of names sockets have: a server and the one that replaces it run together. */
export type SocketSet = 0 | 1;

/** The folder that the sockets of one client are in. */
export class SocketFolder implements AsyncDisposable {
  readonly #path: string;
  readonly #isOurs: boolean;
  /** The paths that were given out. */
  readonly #paths = new Set<string>();

  private constructor(path: string, isOurs: boolean) {
    this.#path = path;
    this.#isOurs = isOurs;
    if (isOurs) addEventListener("unload", this.#removeOnExit);
  }

  /**
   * Makes a fresh temporary folder, or takes the one given, which is made if it is missing.
   *
   * @throws {JSockDClientError} `CONFIG` if the folder cannot be made.
   */
  static async open(socketDir: string | undefined): Promise<SocketFolder> {
    const path = socketDir === undefined ? temporaryFolder() : resolve(socketDir);
    try {
      if (socketDir !== undefined) return new SocketFolder(path, await makeFolder(path));
      return new SocketFolder(await Deno.makeTempDir({ dir: path, prefix: "jsockd_" }), true);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new JSockDClientError("CONFIG", `Cannot keep sockets in '${path}': ${reason}`, {
        cause,
      });
    }
  }

  /** The path of each thread's socket. */
  paths(nThreads: number, set: SocketSet): string[] {
    const paths = socketPaths(this.#path, nThreads, set);
    for (const path of paths) this.#paths.add(path);
    return paths;
  }

  /** Removes the sockets that a server left behind, and the folder if nobody had it before. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Array.from(this.#paths, (path) => removeIfThere(path)));
    if (!this.#isOurs) return;
    removeEventListener("unload", this.#removeOnExit);
    await removeIfThere(this.#path);
  }

  /** A program may end without closing its client, at which the server ends by itself. */
  readonly #removeOnExit = () => {
    try {
      Deno.removeSync(this.#path, { recursive: true });
    } catch {
      // There is nobody left who could be told.
    }
  };
}

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

async function makeFolder(path: string): Promise<boolean> {
  try {
    if ((await Deno.stat(path)).isDirectory) return false;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await Deno.mkdir(path, { recursive: true, mode: 0o700 });
  return true;
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
