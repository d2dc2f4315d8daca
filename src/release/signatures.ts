import { SIGNATURE_BYTES, verify } from "../common/ed25519.ts";
import { JSockDClientError } from "../common/errors.ts";

/** An archive with the signatures of its release. */
export interface SignedArchive {
  /** The archive's file name. */
  readonly file: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The text of the release's signature file. */
  readonly signatures: string;
}

/**
 * Verifies an archive's signature.
 *
 * @param publicKey The public key to verify with, in hexadecimal.
 * @throws {JSockDClientError} `SIGNATURE` if there is no valid signature for the archive.
 */
export async function verifyArchive(archive: SignedArchive, publicKey: string): Promise<void> {
  const signature = findSignature(archive);
  if (await verify(signature, archive.bytes, publicKey)) return;
  throw cannotTrust(
    archive,
    `its signature is not valid for the public key ${publicKey}; nothing of it was run. The archive ` +
      "was changed on its way, or publicKey does not belong to baseUrl",
  );
}

/** Returns the signature from the archive's line: signature in Base64, tab, file name. */
function findSignature(archive: SignedArchive): Uint8Array {
  const line = archive.signatures.split(/\r?\n/).find((line) => line.endsWith(`\t${archive.file}`));
  if (line === undefined) throw cannotTrust(archive, "the signature file has no line for it");
  const signature = decodeBase64(line.slice(0, line.indexOf("\t")));
  if (signature?.length === SIGNATURE_BYTES) return signature;
  throw cannotTrust(archive, `its line in the signature file holds no signature: '${line}'`);
}

function decodeBase64(text: string): Uint8Array | undefined {
  try {
    // In strict mode each signature has exactly one text, so any changed byte is noticed.
    return Uint8Array.fromBase64(text, { lastChunkHandling: "strict" });
  } catch {
    return undefined;
  }
}

function cannotTrust({ file }: SignedArchive, reason: string): JSockDClientError {
  return new JSockDClientError("SIGNATURE", `Cannot trust '${file}': ${reason}`);
}
