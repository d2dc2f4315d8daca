import { basename, dirname } from "@std/path";
import { debounce } from "@std/async/debounce";

/** Time without further events before a change is reported. Editors often save in several steps. */
const QUIET_MS = 50;

/**
 * Reports changes to files. It watches their folders and compares names, because many editors save
 * a file by replacing it.
 */
export class FileWatcher implements AsyncDisposable {
  readonly #onChange: ReturnType<typeof debounce<[]>>;
  #names: ReadonlySet<string> = new Set();
  #folders: readonly string[] = [];
  #watcher: Deno.FsWatcher | undefined;
  #ended: Promise<void> | undefined;

  /** @param onChange Called after changes. There may be calls when no content has changed. */
  constructor(onChange: () => void) {
    this.#onChange = debounce(onChange, QUIET_MS);
  }

  /** Whether files are watched yet. */
  get isWatching(): boolean {
    return this.#watcher !== undefined;
  }

  /**
   * Watches these files, existing or not, instead of the previous ones.
   *
   * @returns Whether the folders are newly watched, so that earlier changes may have been missed.
   */
  watch(files: readonly string[]): boolean {
    const places = files.map(placeToWatch);
    const folders = [...new Set(places.map(({ folder }) => folder))].sort();
    this.#names = new Set(places.map(({ name }) => name));
    if (folders.join("\0") === this.#folders.join("\0")) return false;
    // Started before the old one is closed: if this throws, the old one stays in use.
    const watcher = Deno.watchFs(folders, { recursive: false });
    this.#watcher?.close();
    this.#watcher = watcher;
    this.#folders = folders;
    this.#ended = Promise.all([this.#ended, this.#follow(watcher)]).then(() => {});
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watcher?.close();
    await this.#ended;
    this.#onChange.clear();
  }

  async #follow(watcher: Deno.FsWatcher): Promise<void> {
    for await (const { kind, paths, flag } of watcher) {
      const isRelevant = paths.some((path) => this.#names.has(basename(path)));
      if (kind !== "access" && (isRelevant || flag === "rescan")) this.#onChange();
    }
  }
}

/** Returns a file's folder and name, or those of the topmost missing folder above the file. */
function placeToWatch(path: string): { folder: string; name: string } {
  const folder = dirname(path);
  return isFolder(folder) ? { folder, name: basename(path) } : placeToWatch(folder);
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
