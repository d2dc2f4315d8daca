import { verifyAsync } from "@noble/ed25519";

/** Bytes of a signature. */
export const SIGNATURE_BYTES = 64;

const PUBLIC_KEY_BYTES = 32;

/**
 * Tells whether the signature is of the message and made with the key's private half. Strictly as
 * RFC 8032 has it, since the library's lenient rule takes encodings that JSockD refuses.
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

/** Reads a key of so many bytes from hexadecimal text. */
export function parseKey(hex: string, length: number, name: string): Uint8Array {
  const text = hex.trim();
  if (!/^[0-9a-f]*$/i.test(text) || text.length !== length * 2) {
    throw new Error(`Cannot read the ${name} key: it is not ${length * 2} hexadecimal digits`);
  }
  return Uint8Array.fromHex(text);
}
