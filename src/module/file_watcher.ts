import { basename, dirname } from "@std/path";
import { debounce } from "@std/async/debounce";

/** How long nothing more must happen: whoever saves a file often does so in several steps. */
const QUIET_MS = 50;

/** Tells that something has happened to files. They are watched by name, since many are replaced. */
export class FileWatcher implements AsyncDisposable {
  readonly #onChange: ReturnType<typeof debounce<[]>>;
  #names: ReadonlySet<string> = new Set();
  #folders: readonly string[] = [];
  #watcher: Deno.FsWatcher | undefined;
  #ended: Promise<void> | undefined;

  /** @param onChange Called when something has happened. It may have been nothing of importance. */
  constructor(onChange: () => void) {
    this.#onChange = debounce(onChange, QUIET_MS);
  }

  /**
   * Watches these files, there or not, instead of others.
   *
   * @returns Whether something may have happened to them before they were watched.
   */
  watch(files: readonly string[]): boolean {
    const places = files.map(placeToWatch);
    const folders = [...new Set(places.map(({ folder }) => folder))].sort();
    this.#names = new Set(places.map(({ name }) => name));
    if (folders.join("\0") === this.#folders.join("\0")) return false;
    // If this fails, what was watched still is.
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
      const isOfImportance = paths.some((path) => this.#names.has(basename(path)));
      if (kind !== "access" && (isOfImportance || flag === "rescan")) this.#onChange();
    }
  }
}

/** Where a file appears, or, if its folder is not there, the first folder above it that is none. */
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
