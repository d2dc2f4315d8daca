import { resolve } from "@std/path";
import { JSockDClientError } from "../errors.ts";
import { socketPaths, type SocketSet, temporaryFolder } from "./socket_paths.ts";

/** The folder that the sockets of one client are in. */
export abstract class SocketFolder implements AsyncDisposable {
  /** Its path. */
  readonly path: string;

  protected constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes a fresh temporary folder, or takes the one given, which is made if it is missing.
   *
   * @throws {JSockDClientError} `CONFIG` if the folder cannot be made, or another client has it.
   */
  static async open(socketDir: string | undefined): Promise<SocketFolder> {
    const path = socketDir === undefined ? temporaryFolder() : resolve(socketDir);
    try {
      return socketDir === undefined
        ? new TemporaryFolder(await Deno.makeTempDir({ dir: path, prefix: "jsockd_" }))
        : await GivenFolder.take(path);
    } catch (cause) {
      if (cause instanceof JSockDClientError) throw cause;
      throw cannotKeep(path, cause instanceof Error ? cause.message : String(cause), cause);
    }
  }

  /**
   * The path of each thread's socket.
   *
   * @throws {JSockDClientError} `CONFIG` if something else is at one of them, which a server would
   * remove.
   */
  paths(nThreads: number, set: SocketSet): string[] {
    const paths = socketPaths(this.path, nThreads, set);
    const taken = paths.find((path) => isOtherThanSocket(path));
    if (taken !== undefined) throw cannotKeep(this.path, `'${taken}' is not a socket`);
    return paths;
  }

  /** Keeps the folder there while a server makes its sockets in it, and is connected to. */
  abstract use(): Disposable;

  abstract [Symbol.asyncDispose](): Promise<void>;
}

/**
 * A folder that nobody else knows. As each socket takes one connection, once, it is there only while
 * a server is connected to, so that nothing is left behind however the program ends after that.
 */
class TemporaryFolder extends SocketFolder {
  #isThere = true;
  #uses = 0;

  override use(): Disposable {
    // Fails if somebody else has made it meanwhile.
    if (!this.#isThere) Deno.mkdirSync(this.path, { mode: 0o700 });
    this.#isThere = true;
    this.#uses++;
    return {
      [Symbol.dispose]: () => {
        if (--this.#uses === 0) this.#remove();
      },
    };
  }

  override [Symbol.asyncDispose](): Promise<void> {
    this.#remove();
    return Promise.resolve();
  }

  #remove(): void {
    if (this.#isThere) Deno.removeSync(this.path, { recursive: true });
    this.#isThere = false;
  }
}

/** A folder that is locked against other clients, which would take each other's sockets for theirs. */
class GivenFolder extends SocketFolder {
  readonly #isOurs: boolean;
  readonly #lock: Deno.FsFile;
  /** The paths that were given out. */
  readonly #paths = new Set<string>();

  private constructor(path: string, isOurs: boolean, lock: Deno.FsFile) {
    super(path);
    this.#isOurs = isOurs;
    this.#lock = lock;
  }

  static async take(path: string): Promise<GivenFolder> {
    const isOurs = await makeFolder(path);
    const lock = await Deno.open(path, { read: true });
    if (await lock.tryLock(true)) return new GivenFolder(path, isOurs, lock);
    lock.close();
    throw cannotKeep(
      path,
      "another client has its sockets there; give each a socketDir of its own",
    );
  }

  override paths(nThreads: number, set: SocketSet): string[] {
    const paths = super.paths(nThreads, set);
    for (const path of paths) this.#paths.add(path);
    return paths;
  }

  override use(): Disposable {
    return { [Symbol.dispose]() {} };
  }

  /** Removes the sockets that a server left behind, and the folder if nobody had it before. */
  override async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Array.from(this.#paths, (path) => removeIfThere(path)));
    if (this.#isOurs) await removeIfThere(this.path);
    this.#lock.close();
  }
}

function cannotKeep(path: string, reason: string, cause?: unknown): JSockDClientError {
  return new JSockDClientError("CONFIG", `Cannot keep sockets in '${path}': ${reason}`, { cause });
}

function isOtherThanSocket(path: string): boolean {
  try {
    return !Deno.lstatSync(path).isSocket;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
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
