import { packTar, type TarEntry } from "modern-tar";
import { embeddedServer } from "../../src/embedded/mod.ts";
import { releaseName } from "../../src/release/platform.ts";
import { shellWords } from "../support/shell.ts";
import { JSOCKD_VERSION } from "../../src/common/version.ts";

/** The name of the release that tests download by default. */
export const releasedName = releaseName(JSOCKD_VERSION, "default");

/** Returns a shell script that starts the embedded server, as an executable for tests. */
export function embeddedExecutable(): Uint8Array<ArrayBuffer> {
  const words = shellWords([embeddedServer()].flat());
  return new TextEncoder().encode(`#!/bin/sh\nexec ${words} "$@"\n`);
}

/** Packs entries as a release archive. */
export async function packArchive(entries: readonly TarEntry[]): Promise<Uint8Array<ArrayBuffer>> {
  return await gzip([await packTar(entries)]);
}

/** Packs an executable as the official archives are: in a folder. */
export async function packExecutable(
  executable: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  return await packArchive([
    { header: { name: `${releasedName}/`, type: "directory", size: 0, mode: 0o755 } },
    executableEntry(executable),
  ]);
}

/** Returns the tar entry of an executable, as in the official archives. */
export function executableEntry(executable: Uint8Array<ArrayBuffer>): TarEntry {
  const header = { name: `${releasedName}/jsockd`, size: executable.length, mode: 0o755 };
  return { header, body: executable };
}

/** Compresses bytes with gzip. */
export async function gzip(
  bytes: Iterable<Uint8Array<ArrayBuffer>> | AsyncIterable<Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const compressed = ReadableStream.from(bytes).pipeThrough(new CompressionStream("gzip"));
  return await new Response(compressed).bytes();
}
