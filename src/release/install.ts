import { join } from "@std/path";
import {
  MAX_ARCHIVE_BYTES,
  MAX_SIGNATURES_BYTES,
  putIntoCache,
  readSignedExecutable,
} from "./cache.ts";
import { download, type DownloadOptions } from "./download.ts";
import { EXECUTABLE_FILE, type Release, SIGNATURES_FILE } from "./release.ts";

/**
 * Downloads a release, verifies it and puts it into the cache. Until it is verified it is in a folder
 * of its own, of which nothing is left whatever happens.
 *
 * @throws {JSockDClientError} `DOWNLOAD` or `SIGNATURE`; the cache is as it was then.
 */
export async function install(release: Release, options: DownloadOptions): Promise<void> {
  await using cleanUp = new AsyncDisposableStack();
  await Deno.mkdir(release.cacheDir, { recursive: true, mode: 0o700 });
  const staging = await Deno.makeTempDir({ dir: release.cacheDir, prefix: ".install-" });
  cleanUp.defer(() => Deno.remove(staging, { recursive: true }));

  const folder = join(staging, release.name);
  await Deno.mkdir(folder, { mode: 0o700 });
  const get = (file: string, maxBytes: number) =>
    download(release.url(file), join(folder, file), maxBytes, options);
  await get(SIGNATURES_FILE, MAX_SIGNATURES_BYTES);
  await get(release.archiveFile, MAX_ARCHIVE_BYTES);

  const executable = await readSignedExecutable(folder, release);
  await Deno.writeFile(join(folder, EXECUTABLE_FILE), executable, { mode: 0o500, createNew: true });
  await putIntoCache(release, folder, join(staging, "replaced"));
}
