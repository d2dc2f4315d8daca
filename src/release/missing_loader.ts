import { JSockDClientError } from "../common/errors.ts";
import { readIfPresent } from "../common/files.ts";

const ELF_MAGIC = [0x7f, 0x45, 0x4c, 0x46];

/** The type of the ELF program header that names the dynamic loader. */
const PT_INTERP = 3;

/**
 * Explains why the system cannot find a downloaded executable that exists: what is missing is the
 * executable's dynamic loader, which the system's own error does not mention.
 *
 * @returns An error that names the loader, or the given error if the loader is not the reason.
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
    `Cannot start '${executable}': its loader '${loader}' is not on this system, which probably has ` +
      "another C library than glibc, such as the musl of Alpine Linux; use a system with glibc, " +
      "pass an executable that you have built yourself to initJSockDClient, or use the embedded " +
      "server of '@x/jsockd/embedded'",
    { cause: error },
  );
}

/**
 * Returns the dynamic loader that an ELF executable names, if any. The executable must be 64-bit
 * and little-endian, as all builds of JSockD are.
 */
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
