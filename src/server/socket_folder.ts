import { resolve } from "@std/path/posix/resolve";
import { JSockDClientError, messageOf } from "../common/errors.ts";
import { removeIfPresent } from "../common/files.ts";
import { socketPaths, type SocketSet, temporaryFolder } from "./socket_paths.ts";

/** The paths for the sockets of a new server. Dispose of it once the client is connected. */
export interface SocketLease extends Disposable {
  /** The paths, one for each thread. */
  readonly paths: readonly string[];
}

/** The place of the sockets of one client's servers. */
export interface SocketFolder extends AsyncDisposable {
  /**
   * Returns the paths for a new server.
   *
   * @throws {JSockDClientError} `CONFIG` if sockets cannot be created there.
   */
  lease(nThreads: number, set: SocketSet): SocketLease;
}

/**
 * Opens `socketDir`, or a source of temporary folders if it is undefined.
 *
 * @throws {JSockDClientError} `CONFIG` if the folder cannot be created, or another client uses it.
 */
export async function openSocketFolder(socketDir: string | undefined): Promise<SocketFolder> {
  return socketDir === undefined ? new TemporaryFolders() : await GivenFolder.open(socketDir);
}

/**
 * Creates a fresh folder for each server. A socket accepts one connection, once, so the folder is
 * removed as soon as the client is connected. Nothing is left behind, however the program ends
 * after that.
 */
class TemporaryFolders implements SocketFolder {
  lease(nThreads: number, set: SocketSet): SocketLease {
    const parent = temporaryFolder();
    const path = attempt(parent, () => Deno.makeTempDirSync({ dir: parent, prefix: "jsockd_" }));
    return {
      paths: socketPaths(path, nThreads, set),
      [Symbol.dispose]() {
        try {
          Deno.removeSync(path, { recursive: true });
        } catch {
          // Somebody else removed it. The server runs without it.
        }
      },
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

/**
 * The folder `socketDir`, locked because clients with the same folder would mix up their sockets.
 */
class GivenFolder implements SocketFolder {
  readonly #path: string;
  readonly #isOurs: boolean;
  readonly #lock: Deno.FsFile;
  /** All paths that were leased. */
  readonly #paths = new Set<string>();

  private constructor(path: string, isOurs: boolean, lock: Deno.FsFile) {
    this.#path = path;
    this.#isOurs = isOurs;
    this.#lock = lock;
  }

  /** Creates the folder if it does not exist, and locks it. */
  static async open(socketDir: string): Promise<GivenFolder> {
    const path = resolve(socketDir);
    const isOurs = attempt(path, () => createFolder(path));
    const lock = attempt(path, () => Deno.openSync(path, { read: true }));
    if (await lock.tryLock(true)) return new GivenFolder(path, isOurs, lock);
    lock.close();
    throw cannotKeep(
      path,
      "another client has its sockets there; give each client its own socketDir",
    );
  }

  /** Throws if another file is in the place of a socket, because the server would remove it. */
  lease(nThreads: number, set: SocketSet): SocketLease {
    const paths = socketPaths(this.#path, nThreads, set);
    const taken = paths.find((path) => isSocket(path) === false);
    if (taken !== undefined) {
      throw cannotKeep(
        this.#path,
        `'${taken}' is not a socket; move it, or choose another socketDir`,
      );
    }
    for (const path of paths) this.#paths.add(path);
    return { paths, [Symbol.dispose]() {} };
  }

  /** Removes the sockets that servers left behind, and the folder if the client created it. */
  async [Symbol.asyncDispose](): Promise<void> {
    using _lock = this.#lock;
    for (const path of this.#paths) {
      if (isSocket(path)) await removeIfPresent(path);
    }
    if (!this.#isOurs) return;
    try {
      await Deno.remove(this.#path);
    } catch {
      // It is not empty, or somebody else removed it.
    }
  }
}

/** Creates a folder if it does not exist. Returns whether it did. */
function createFolder(path: string): boolean {
  try {
    if (Deno.statSync(path).isDirectory) return false;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  Deno.mkdirSync(path, { recursive: true, mode: 0o700 });
  return true;
}

/** Runs an action on the folder, and throws its error as `CONFIG`. */
function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw cannotKeep(path, messageOf(cause), cause);
  }
}

function cannotKeep(path: string, reason: string, cause?: unknown): JSockDClientError {
  return new JSockDClientError("CONFIG", `Cannot keep sockets in '${path}': ${reason}`, { cause });
}

/** Returns whether a path is a socket, or undefined if it does not exist. */
function isSocket(path: string): boolean | undefined {
  try {
    return Deno.lstatSync(path).isSocket ?? false;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
