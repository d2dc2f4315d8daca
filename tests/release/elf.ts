const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const PT_LOAD = 1;
const PT_INTERP = 3;
const MACHINE = Deno.build.arch === "x86_64" ? 62 : 183;

/**
 * Returns the headers of an ELF executable for this machine's processor.
 *
 * @param loader The dynamic loader that the executable names, if any.
 */
export function elfWithLoader(loader: string | undefined): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(`${loader ?? ""}\0`);
  const textStart = HEADER_BYTES + 2 * PROGRAM_HEADER_BYTES;
  const file = new Uint8Array(textStart + text.length);
  const view = new DataView(file.buffer);
  // 64-bit, little-endian, version 1. The 2 that follows is the type: an executable.
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, MACHINE, true);
  view.setUint32(20, 1, true);
  view.setBigUint64(32, BigInt(HEADER_BYTES), true);
  view.setUint16(52, HEADER_BYTES, true);
  view.setUint16(54, PROGRAM_HEADER_BYTES, true);
  view.setUint16(56, 2, true);
  view.setUint32(HEADER_BYTES, PT_LOAD, true);
  const second = HEADER_BYTES + PROGRAM_HEADER_BYTES;
  view.setUint32(second, loader === undefined ? PT_LOAD : PT_INTERP, true);
  view.setBigUint64(second + 8, BigInt(textStart), true);
  view.setBigUint64(second + 32, BigInt(text.length), true);
  file.set(text, textStart);
  return file;
}
