import { resolve } from "@std/path";
import { JSockDClientError, messageOf } from "../common/errors.ts";
import { removeIfPresent } from "../common/files.ts";
import { socketPaths, type SocketSet, temporaryFolder } from "./socket_paths.ts";

/** Paths for the sockets of a server that is about to be started, until it is connected to. */
export interface SocketLease extends Disposable {
  /** One for each thread. */
  readonly paths: readonly string[];
}

/** Where the sockets of one client's servers are. */
export interface SocketFolder extends AsyncDisposable {
  /**
   * Gives the paths for a server.
   *
   * @throws {JSockDClientError} `CONFIG` if sockets cannot be made there.
   */
  lease(nThreads: number, set: SocketSet): SocketLease;
}

/**
 * Finds a place for sockets: the folder given, or temporary ones.
 *
 * @throws {JSockDClientError} `CONFIG` if the folder cannot be made, or another client has it.
 */
export async function openSocketFolder(socketDir: string | undefined): Promise<SocketFolder> {
  return socketDir === undefined ? new TemporaryFolders() : await GivenFolder.take(socketDir);
}

/**
 * A fresh folder for each server. As each socket takes one connection, once, it is there only until
 * the server is connected to: nothing is left behind, however the program ends after that.
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
          // Somebody else removed it, which is no reason to give up a server that runs.
        }
      },
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

/** A folder that is locked against other clients, which would take each other's sockets for theirs. */
class GivenFolder implements SocketFolder {
  readonly #path: string;
  readonly #isOurs: boolean;
  readonly #lock: Deno.FsFile;
  /** The paths that were given out. */
  readonly #paths = new Set<string>();

  private constructor(path: string, isOurs: boolean, lock: Deno.FsFile) {
    this.#path = path;
    this.#isOurs = isOurs;
    this.#lock = lock;
  }

  static async take(socketDir: string): Promise<GivenFolder> {
    const path = resolve(socketDir);
    const isOurs = attempt(path, () => makeFolder(path));
    const lock = attempt(path, () => Deno.openSync(path, { read: true }));
    if (await lock.tryLock(true)) return new GivenFolder(path, isOurs, lock);
    lock.close();
    throw cannotKeep(
      path,
      "another client has its sockets there; give each a socketDir of its own",
    );
  }

  /** Refuses to have a server remove what is no socket. */
  lease(nThreads: number, set: SocketSet): SocketLease {
    const paths = socketPaths(this.#path, nThreads, set);
    const taken = paths.find((path) => isSocket(path) === false);
    if (taken !== undefined) throw cannotKeep(this.#path, `'${taken}' is not a socket`);
    for (const path of paths) this.#paths.add(path);
    return { paths, [Symbol.dispose]() {} };
  }

  /** Removes the sockets that a server left behind, and the folder if nobody else uses it. */
  async [Symbol.asyncDispose](): Promise<void> {
    using _lock = this.#lock;
    for (const path of this.#paths) {
      if (isSocket(path)) await removeIfPresent(path);
    }
    if (!this.#isOurs) return;
    try {
      await Deno.remove(this.#path);
    } catch {
      // Somebody else uses it, or has removed it.
    }
  }
}

/** Makes a folder if there is none; whether it did. */
function makeFolder(path: string): boolean {
  try {
    if (Deno.statSync(path).isDirectory) return false;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  Deno.mkdirSync(path, { recursive: true, mode: 0o700 });
  return true;
}

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

/** Whether what is at a path is a socket; undefined if there is nothing. */
function isSocket(path: string): boolean | undefined {
  try {
    return Deno.lstatSync(path).isSocket ?? false;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
