import { concat } from "@std/bytes/concat";
import { SIGNATURE_BYTES, verify } from "../../common/ed25519.ts";
import { messageOf } from "../../common/errors.ts";
import { JSOCKD_VERSION } from "../../common/version.ts";
import { sign } from "../../common/keys.ts";
import type { ModuleSource } from "../engines/engine.ts";

/**
 * The version in compiled modules. It differs from the server's own version, because jsockd's
 * modules of that version hold bytecode, and the embedded server's hold source text.
 */
export const MODULE_VERSION = `embedded-${JSOCKD_VERSION}`;

const VERSION_BYTES = 128;

/** Precedes the module's name at the end of the source, in the form that browsers know. */
const NAME_COMMENT = "\n//# sourceURL=";

/** A compiled module cannot be used. The message is the reason. */
export class ModuleFileError extends Error {
  override readonly name = "ModuleFileError";
}

/**
 * Encodes a compiled module: source, version, signature.
 *
 * @param privateKey The text of a private key file. Without one, the signature is all zeros.
 */
export async function encodeModuleFile(
  module: ModuleSource,
  privateKey: string | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const version = new Uint8Array(VERSION_BYTES);
  encoder.encodeInto(MODULE_VERSION, version);
  const source = encoder.encode(`${module.text}${NAME_COMMENT}${module.name}`);
  const signed = concat([source, version]);
  const signature = privateKey === undefined
    ? new Uint8Array(SIGNATURE_BYTES)
    : await sign(signed, privateKey);
  return concat([signed, signature]);
}

/**
 * Decodes a compiled module, and verifies its signature.
 *
 * @param publicKey The public key for the signature, in hexadecimal.
 * @throws {ModuleFileError} If the module is for another server, or its signature is not valid.
 */
export async function decodeModuleFile(
  bytes: Uint8Array,
  publicKey: string,
): Promise<ModuleSource> {
  const signed = bytes.subarray(0, -SIGNATURE_BYTES);
  if (signed.length <= VERSION_BYTES) {
    throw new ModuleFileError(`it has only ${bytes.length} bytes`);
  }
  const version = readVersion(signed.subarray(-VERSION_BYTES));
  if (version !== MODULE_VERSION) {
    throw new ModuleFileError(
      `it is for version '${version}', and this server needs '${MODULE_VERSION}'; compile it again`,
    );
  }
  if (!await isSignatureValid(bytes.subarray(-SIGNATURE_BYTES), signed, publicKey)) {
    throw new ModuleFileError(
      "its signature is not valid for the public key in JSOCKD_BYTECODE_MODULE_PUBLIC_KEY; sign it " +
        "with the private key of that pair",
    );
  }
  const source = new TextDecoder().decode(signed.subarray(0, -VERSION_BYTES));
  const nameStart = source.lastIndexOf(NAME_COMMENT);
  return {
    text: source.slice(0, nameStart),
    name: source.slice(nameStart + NAME_COMMENT.length),
  };
}

function readVersion(bytes: Uint8Array): string {
  const text = new TextDecoder("latin1").decode(bytes).replace(/\0.*$/s, "");
  return text.replace(/[^ -~]/g, "?");
}

async function isSignatureValid(
  signature: Uint8Array,
  signed: Uint8Array,
  publicKey: string,
): Promise<boolean> {
  try {
    return await verify(signature, signed, publicKey);
  } catch (error) {
    throw new ModuleFileError(messageOf(error));
  }
}
