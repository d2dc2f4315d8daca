import { join } from "@std/path";
import { readIfPresent, removeIfPresent, replaceFile } from "../common/files.ts";
import { areUnchanged, type FileHashes, hashFiles } from "./bundler/hash.ts";

/** Number of builds to keep. A running server reads its module again when it restarts. */
const KEPT_BUILDS = 3;

const RECORD_FILE = "build.json";

/** The inputs and outputs of a build. */
interface BuildRecord {
  /** Hash of everything besides the inputs that determines the outputs. */
  readonly recipe: string;
  readonly inputs: FileHashes;
  readonly outputs: FileHashes;
}

/**
 * The builds of one module. Each is in its own folder and never changes, so a running server always
 * finds its build as it was. The modification time of a folder is the time of its last use.
 */
export class BuildFolders {
  readonly #outDir: string;
  readonly #prefix: string;

  /** @param prefix Prefix of the folders' names, which no other module shares. */
  constructor(outDir: string, prefix: string) {
    this.#outDir = outDir;
    this.#prefix = prefix;
  }

  /** Returns the build with this recipe whose inputs and outputs are unchanged, if there is one. */
  async find(recipe: string): Promise<{ folder: string; inputs: FileHashes } | undefined> {
    for (const [index, folder] of (await this.#byLastUse()).entries()) {
      const record = await readRecord(folder);
      if (record?.recipe !== recipe) continue;
      const { inputs, outputs } = record;
      if (!await areUnchanged(inputs) || !await areUnchanged(outputs)) continue;
      if (index > 0) await Deno.utime(folder, new Date(), new Date());
      return { folder, inputs };
    }
    return undefined;
  }

  /**
   * Adds a build.
   *
   * @param name Suffix of the folder's name, equal only for equal content.
   * @param writeFiles Writes the output files and returns their paths. Rejects if the signal aborts.
   * @param signal If it aborts, nothing is left of an unfinished build.
   * @returns The folder of the build.
   */
  async add(
    name: string,
    { recipe, inputs }: Pick<BuildRecord, "recipe" | "inputs">,
    writeFiles: (folder: string) => Promise<readonly string[]>,
    signal: AbortSignal,
  ): Promise<string> {
    const folder = join(this.#outDir, `${this.#prefix}-${name}`);
    await Deno.mkdir(folder, { recursive: true });
    try {
      const outputs = await hashFiles(await writeFiles(folder));
      const record: BuildRecord = { recipe, inputs, outputs };
      // Written last: a folder counts as a build only once it has a record.
      await replaceFile(join(folder, RECORD_FILE), JSON.stringify(record));
    } catch (error) {
      const isUnfinished = signal.aborted && await readRecord(folder) === undefined;
      if (isUnfinished) await removeIfPresent(folder);
      throw error;
    }
    return folder;
  }

  /** Removes the least recently used builds, except for the one in the folder `inUse`. */
  async prune(inUse: string | undefined): Promise<void> {
    for (const folder of (await this.#byLastUse()).slice(KEPT_BUILDS)) {
      if (folder !== inUse) await removeIfPresent(folder);
    }
  }

  /** Returns the folders of all builds, most recently used first. */
  async #byLastUse(): Promise<string[]> {
    const folders: { path: string; time: number }[] = [];
    for await (const { name } of Deno.readDir(this.#outDir)) {
      if (!name.startsWith(`${this.#prefix}-`)) continue;
      const path = join(this.#outDir, name);
      folders.push({ path, time: await timeOf(path) });
    }
    return folders.sort((one, other) => other.time - one.time).map(({ path }) => path);
  }
}

async function readRecord(folder: string): Promise<BuildRecord | undefined> {
  const bytes = await readIfPresent(join(folder, RECORD_FILE));
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** Returns the time of a folder's last use; 0 if another process has removed it meanwhile. */
async function timeOf(folder: string): Promise<number> {
  try {
    return (await Deno.stat(folder)).mtime?.getTime() ?? 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
