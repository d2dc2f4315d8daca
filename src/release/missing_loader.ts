import { JSockDClientError } from "../common/errors.ts";
import { readIfPresent } from "../common/files.ts";

const ELF_MAGIC = [0x7f, 0x45, 0x4c, 0x46];

/** The type of the program header that names the loader. */
const PT_INTERP = 3;

/**
 * Says what is wrong when a downloaded executable is there and the system says that it is not: it
 * is its loader that is missing, which the message of the system does not tell.
 *
 * @returns The error as it was if that is not the reason.
 */
export async function explainMissingLoader(error: unknown, executable: string): Promise<unknown> {
  if (!(error instanceof JSockDClientError) || !(error.cause instanceof Deno.errors.NotFound)) {
    return error;
  }
  const file = await readIfPresent(executable);
  const loader = file && loaderOf(file);
  if (loader === undefined) return error;
  return new JSockDClientError(
    "SPAWN",
    `Cannot start '${executable}': its loader '${loader}' is not on this system, whose C library is ` +
      "another than the one it is built for (musl, as in Alpine Linux, instead of glibc); use a " +
      "system with glibc, build an executable of your own and give it to initJSockDClient, or use " +
      "the embedded server of '@x/jsockd/embedded'",
    { cause: error },
  );
}

/** The loader that an executable for Linux names, as the builds of JSockD are: 64 bits, little-endian. */
export function loaderOf(file: Uint8Array<ArrayBuffer>): string | undefined {
  if (!ELF_MAGIC.every((byte, i) => file[i] === byte)) return undefined;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const tableStart = Number(view.getBigUint64(32, true));
  const entrySize = view.getUint16(54, true);
  const entries = view.getUint16(56, true);
  for (let i = 0; i < entries; i++) {
    const start = tableStart + i * entrySize;
    if (view.getUint32(start, true) !== PT_INTERP) continue;
    const path = Number(view.getBigUint64(start + 8, true));
    const size = Number(view.getBigUint64(start + 32, true));
    return new TextDecoder().decode(file.subarray(path, path + size)).replace(/\0+$/, "");
  }
  return undefined;
}
