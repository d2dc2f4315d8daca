import { packTar, type TarEntry } from "modern-tar";
import { embeddedServer } from "../../src/embedded/mod.ts";
import { releaseName } from "../../src/release/platform.ts";
import { shellWords } from "../support/shell.ts";
import { JSOCKD_VERSION } from "../../src/common/version.ts";

/** The name of the release that is downloaded here unless another is asked for. */
export const releasedName = releaseName(JSOCKD_VERSION, "default");

/** An executable that can be started anywhere on this machine: the embedded server. */
export function embeddedExecutable(): Uint8Array<ArrayBuffer> {
  const words = shellWords([embeddedServer()].flat());
  return new TextEncoder().encode(`#!/bin/sh\nexec ${words} "$@"\n`);
}

/** Packs a release's archive. */
export async function packArchive(entries: readonly TarEntry[]): Promise<Uint8Array<ArrayBuffer>> {
  return await gzip([await packTar(entries)]);
}

/** Packs a release's archive as the official ones are: a folder, and the executable in it. */
export async function packExecutable(
  executable: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  return await packArchive([
    { header: { name: `${releasedName}/`, type: "directory", size: 0, mode: 0o755 } },
    executableEntry(executable),
  ]);
}

/** The executable, as it is in the official archives. */
export function executableEntry(executable: Uint8Array<ArrayBuffer>): TarEntry {
  const header = { name: `${releasedName}/jsockd`, size: executable.length, mode: 0o755 };
  return { header, body: executable };
}

/** Compresses bytes. */
export async function gzip(
  bytes: Iterable<Uint8Array<ArrayBuffer>> | AsyncIterable<Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const compressed = ReadableStream.from(bytes).pipeThrough(new CompressionStream("gzip"));
  return await new Response(compressed).bytes();
}
