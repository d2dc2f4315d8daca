const encoder = new TextEncoder();
const decoders = new WeakMap<object, TextDecoder>();

/** Encodes a text as UTF-8 into an array of the realm, and returns the number of bytes written. */
export function encodeInto(text: string, bytes: Uint8Array): number {
  return encoder.encodeInto(text, bytes).written;
}

/**
 * Creates a decoder and returns a token for it. The token has no prototype, so the realm cannot reach
 * the host's objects through it.
 */
export function newDecoder(label: string, fatal: boolean, ignoreBOM: boolean): object {
  const token = Object.freeze(Object.create(null));
  decoders.set(token, new TextDecoder(label, { fatal, ignoreBOM }));
  return token;
}

/** Returns the name of a decoder's encoding. */
export function encodingOf(token: object): string {
  return decoders.get(token)!.encoding;
}

/** Decodes bytes to text. */
export function decode(token: object, bytes: ArrayBuffer, stream: boolean): string {
  return decoders.get(token)!.decode(bytes, { stream });
}
