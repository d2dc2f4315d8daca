import { join } from "@std/path";
import { readIfPresent, removeIfPresent, replaceFile } from "../common/files.ts";
import { areUnchanged, type FileHashes, hashFiles } from "./bundler/hash.ts";

/** Builds that are kept: running servers may read their module once more when they restart. */
const KEPT_BUILDS = 3;

const RECORD = "build.json";

/** What a build was made from, and what came out. */
interface BuildRecord {
  /** All that decided on it beside the inputs. */
  readonly recipe: string;
  readonly inputs: FileHashes;
  readonly outputs: FileHashes;
}

/**
 * The builds of one module, each in a folder of its own that is never changed: a server that runs on
 * one finds it as it was, whatever is built meanwhile. The time of a folder is that of its last use.
 */
export class BuildFolders {
  readonly #outDir: string;
  readonly #prefix: string;

  /** @param prefix What the folders' names begin with, and no other module's. */
  constructor(outDir: string, prefix: string) {
    this.#outDir = outDir;
    this.#prefix = prefix;
  }

  /** Finds the build that would come out again: neither its inputs nor its outputs have changed. */
  async find(recipe: string): Promise<{ folder: string; inputs: FileHashes } | undefined> {
    for (const [index, folder] of (await this.#byUse()).entries()) {
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
   * @param name What the folder's name ends with: the same for the same content only.
   * @param make Writes the files, and gives their paths.
   * @returns The folder.
   */
  async add(
    name: string,
    { recipe, inputs }: Pick<BuildRecord, "recipe" | "inputs">,
    make: (folder: string) => Promise<readonly string[]>,
  ): Promise<string> {
    const folder = join(this.#outDir, `${this.#prefix}-${name}`);
    await Deno.mkdir(folder, { recursive: true });
    const outputs = await hashFiles(await make(folder));
    const record: BuildRecord = { recipe, inputs, outputs };
    // Only now is it a build.
    await replaceFile(join(folder, RECORD), JSON.stringify(record));
    return folder;
  }

  /** Removes the builds that were not used for longest, but not the one in use. */
  async prune(inUse: string | undefined): Promise<void> {
    for (const folder of (await this.#byUse()).slice(KEPT_BUILDS)) {
      if (folder !== inUse) await removeIfPresent(folder);
    }
  }

  /** The folders, the one used last first. */
  async #byUse(): Promise<string[]> {
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
  const bytes = await readIfPresent(join(folder, RECORD));
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** When a folder was last used; long ago, if another build has removed it meanwhile. */
async function timeOf(folder: string): Promise<number> {
  try {
    return (await Deno.stat(folder)).mtime?.getTime() ?? 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
