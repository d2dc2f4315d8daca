import { concat } from "@std/bytes/concat";

const VERSION_BYTES = 128;
const SIGNATURE_BYTES = 64;

/** A compiled module, taken apart. */
export interface ModuleParts {
  /** What the server runs. */
  readonly code: Uint8Array;
  /** The server that it is for. */
  readonly version: string;
}

/** Takes a compiled module apart. */
export function moduleParts(file: Uint8Array): ModuleParts {
  const codeEnd = file.length - SIGNATURE_BYTES - VERSION_BYTES;
  const version = new TextDecoder().decode(file.subarray(codeEnd, codeEnd + VERSION_BYTES));
  return { code: file.subarray(0, codeEnd), version: version.replace(/\0+$/, "") };
}

/** Puts a module together and signs it, without any server's help. */
export async function signModule(
  { code, version }: ModuleParts,
  key: CryptoKey,
): Promise<Uint8Array> {
  const versionField = new Uint8Array(VERSION_BYTES);
  new TextEncoder().encodeInto(version, versionField);
  const signed = concat([code, versionField]);
  return concat([signed, new Uint8Array(await crypto.subtle.sign("Ed25519", key, signed))]);
}

/** A pair of keys; the public one as hex, as a server takes it. */
export async function generateKeys(): Promise<{ privateKey: CryptoKey; publicKey: string }> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const { privateKey, publicKey } = pair as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
  return { privateKey, publicKey: raw.toHex() };
}
