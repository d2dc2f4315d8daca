import { etc, getPublicKeyAsync, Point, utils } from "@noble/ed25519";
import { parseKey } from "./ed25519.ts";

/** Bytes of a private key in JSockD's format: the scalar, then the prefix for nonces. */
const PRIVATE_KEY_BYTES = 64;

/** A key pair, each key as the hexadecimal text of a JSockD key file. */
export interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** Creates a key pair. */
export async function generateKeyPair(): Promise<KeyPair> {
  const seed = utils.randomSecretKey();
  const { head, prefix } = await utils.getExtendedPublicKeyAsync(seed);
  return {
    publicKey: toHex(await getPublicKeyAsync(seed)),
    privateKey: toHex(etc.concatBytes(head, prefix)),
  };
}

/** Returns the public key that belongs to a private key, both as hexadecimal text. */
export function publicKeyOf(privateKey: string): string {
  const { scalar } = parsePrivateKey(privateKey);
  return toHex(Point.BASE.multiply(reduce(scalar)).toBytes());
}

/**
 * Resolves to the Ed25519 signature of a message.
 *
 * A JSockD key file does not hold the seed that libraries sign with, only the scalar and the prefix
 * that the seed expands to. So this function is RFC 8032, section 5.1.6, from step 2 on.
 *
 * @param privateKey The text of a private key file.
 */
export async function sign(
  message: Uint8Array,
  privateKey: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const { scalar, prefix } = parsePrivateKey(privateKey);
  const publicKey = Point.BASE.multiply(reduce(scalar)).toBytes();
  const nonce = await hashToScalar(prefix, message);
  const commitment = Point.BASE.multiply(nonce).toBytes();
  const challenge = await hashToScalar(commitment, publicKey, message);
  const response = fromNumber(reduce(nonce + challenge * scalar));
  return etc.concatBytes(commitment, response) as Uint8Array<ArrayBuffer>;
}

function parsePrivateKey(hex: string): { scalar: bigint; prefix: Uint8Array } {
  const key = parseKey(hex, PRIVATE_KEY_BYTES, "private");
  return { scalar: toNumber(key.subarray(0, 32)), prefix: key.subarray(32) };
}

async function hashToScalar(...parts: Uint8Array[]): Promise<bigint> {
  const message = etc.concatBytes(...parts) as Uint8Array<ArrayBuffer>;
  return reduce(toNumber(new Uint8Array(await crypto.subtle.digest("SHA-512", message))));
}

function reduce(value: bigint): bigint {
  return etc.mod(value, Point.CURVE().n);
}

/** Reads bytes as a little-endian number. */
function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes.toReversed())}`);
}

function fromNumber(value: bigint): Uint8Array {
  return Uint8Array.fromHex(value.toString(16).padStart(64, "0")).reverse();
}

function toHex(bytes: Uint8Array): string {
  return new Uint8Array(bytes).toHex().toUpperCase();
}
