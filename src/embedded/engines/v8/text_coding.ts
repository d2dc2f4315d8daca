const encoder = new TextEncoder();
const decoders = new WeakMap<object, TextDecoder>();

/** Writes the UTF-8 of a text into a realm's bytes, which have room for it; how many there are. */
export function encodeInto(text: string, bytes: Uint8Array): number {
  return encoder.encodeInto(text, bytes).written;
}

/** Makes a decoder; what stands for it leads nowhere. */
export function newDecoder(label: string, fatal: boolean, ignoreBOM: boolean): object {
  const token = Object.freeze(Object.create(null));
  decoders.set(token, new TextDecoder(label, { fatal, ignoreBOM }));
  return token;
}

/** The name of a decoder's encoding. */
export function encodingOf(token: object): string {
  return decoders.get(token)!.encoding;
}

/** The text of bytes. */
export function decode(token: object, bytes: ArrayBuffer, stream: boolean): string {
  return decoders.get(token)!.decode(bytes, { stream });
}
