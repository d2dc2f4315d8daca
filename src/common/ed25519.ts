import { verifyAsync } from "@noble/ed25519";

/** Bytes of a signature. */
export const SIGNATURE_BYTES = 64;

const PUBLIC_KEY_BYTES = 32;

/**
 * Resolves to whether a signature of a message was made with the private half of a key. It follows
 * RFC 8032 strictly: the library's default rule also accepts encodings that JSockD refuses.
 *
 * @param publicKey Hexadecimal text.
 */
export async function verify(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: string,
): Promise<boolean> {
  const key = parseKey(publicKey, PUBLIC_KEY_BYTES, "public");
  return await verifyAsync(signature, message, key, { zip215: false });
}

/**
 * Returns the `length` bytes of a key in hexadecimal text; throws if the text is not such a key.
 */
export function parseKey(hex: string, length: number, name: string): Uint8Array {
  const text = hex.trim();
  if (!/^[0-9a-f]*$/i.test(text) || text.length !== length * 2) {
    throw new Error(`Cannot read the ${name} key: it is not ${length * 2} hexadecimal digits`);
  }
  return Uint8Array.fromHex(text);
}
