import { concat } from "@std/bytes/concat";

const VERSION_BYTES = 128;
const SIGNATURE_BYTES = 64;

/** The parts of a compiled module, without its signature. */
export interface ModuleParts {
  /** The code that the server runs. */
  readonly code: Uint8Array;
  /** The version of the server that can load it. */
  readonly version: string;
}

/** Returns the parts of a compiled module. */
export function moduleParts(file: Uint8Array): ModuleParts {
  const codeEnd = file.length - SIGNATURE_BYTES - VERSION_BYTES;
  const version = new TextDecoder().decode(file.subarray(codeEnd, codeEnd + VERSION_BYTES));
  return { code: file.subarray(0, codeEnd), version: version.replace(/\0+$/, "") };
}

/** Resolves to a module with these parts and a signature, created without a server. */
export async function signModule(
  { code, version }: ModuleParts,
  key: CryptoKey,
): Promise<Uint8Array> {
  const versionField = new Uint8Array(VERSION_BYTES);
  new TextEncoder().encodeInto(version, versionField);
  const signed = concat([code, versionField]);
  return concat([signed, new Uint8Array(await crypto.subtle.sign("Ed25519", key, signed))]);
}

/** Creates a key pair. The public key is hexadecimal text, as servers take it. */
export async function generateKeys(): Promise<{ privateKey: CryptoKey; publicKey: string }> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const { privateKey, publicKey } = pair as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
  return { privateKey, publicKey: raw.toHex() };
}
