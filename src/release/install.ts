import { join } from "@std/path/posix/join";
import { isFileError } from "../common/files.ts";
import {
  MAX_ARCHIVE_BYTES,
  MAX_SIGNATURES_BYTES,
  putIntoCache,
  readSignedFiles,
  type SignedFiles,
} from "./cache.ts";
import { download, type DownloadOptions } from "./download.ts";
import { EXECUTABLE_FILE, type Release, SIGNATURES_FILE } from "./release.ts";

/** Prefix of the folders that hold a release until it is verified. */
const STAGING_PREFIX = ".install-";

/** Age at which a staging folder counts as abandoned, by a process that was killed. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

/**
 * Downloads a release, verifies it and moves it into the cache.
 *
 * @throws {JSockDClientError} `DOWNLOAD` or `SIGNATURE`. The cached release is then unchanged.
 */
export async function install(release: Release, options: DownloadOptions): Promise<void> {
  await fillCache(release, async (folder) => {
    const downloadFile = (file: string, maxBytes: number) =>
      download(release.url(file), join(folder, file), maxBytes, options);
    await downloadFile(SIGNATURES_FILE, MAX_SIGNATURES_BYTES);
    await downloadFile(release.archiveFile, MAX_ARCHIVE_BYTES);
    return (await readSignedFiles(folder, release)).executable;
  });
}

/** Replaces a damaged release in the cache by one from its own archive, without downloading it. */
export async function restore(release: Release, files: SignedFiles): Promise<void> {
  await fillCache(release, async (folder) => {
    const options = { mode: 0o600, createNew: true };
    await Deno.writeFile(join(folder, SIGNATURES_FILE), files.signatures, options);
    await Deno.writeFile(join(folder, release.archiveFile), files.archive, options);
    return files.executable;
  });
}

/**
 * Prepares a release in a staging folder and moves it into the cache. The staging folder is removed
 * in any case.
 *
 * @param prepare Writes the signed files to a folder, and returns the executable in the archive.
 */
async function fillCache(
  release: Release,
  prepare: (folder: string) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<void> {
  await using cleanUp = new AsyncDisposableStack();
  await Deno.mkdir(release.cacheDir, { recursive: true, mode: 0o700 });
  await removeAbandoned(release.cacheDir);
  const staging = await Deno.makeTempDir({ dir: release.cacheDir, prefix: STAGING_PREFIX });
  cleanUp.defer(() => Deno.remove(staging, { recursive: true }));

  const folder = join(staging, release.name);
  await Deno.mkdir(folder, { mode: 0o700 });
  const executable = await prepare(folder);
  await Deno.writeFile(join(folder, EXECUTABLE_FILE), executable, { mode: 0o500, createNew: true });
  await putIntoCache(release, folder, join(staging, "replaced"));
}

/** Removes abandoned staging folders. Leaves those that cannot be removed: nothing needs it. */
async function removeAbandoned(cacheDir: string): Promise<void> {
  for await (const { name } of Deno.readDir(cacheDir)) {
    if (!name.startsWith(STAGING_PREFIX)) continue;
    const path = join(cacheDir, name);
    try {
      const { mtime } = await Deno.stat(path);
      if (Date.now() - mtime!.getTime() < ABANDONED_MS) continue;
      await Deno.remove(path, { recursive: true });
    } catch (error) {
      // Another process has removed the folder meanwhile, or it is another user's.
      if (!isFileError(error)) throw error;
    }
  }
}
