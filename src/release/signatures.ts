import { SIGNATURE_BYTES, verify } from "../common/ed25519.ts";
import { JSockDClientError } from "../common/errors.ts";

/** An archive, and what says that it may be trusted. */
export interface SignedArchive {
  /** Its name. */
  readonly file: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The text of the release's signature file. */
  readonly signatures: string;
}

/**
 * Makes sure that an archive is signed with a key.
 *
 * @param publicKey Hexadecimal text.
 * @throws {JSockDClientError} `SIGNATURE` if it is not.
 */
export async function verifyArchive(archive: SignedArchive, publicKey: string): Promise<void> {
  const signature = findSignature(archive);
  if (await verify(signature, archive.bytes, publicKey)) return;
  throw cannotTrust(
    archive,
    `its signature is not of these bytes by the key ${publicKey}; nothing of it was run. It was ` +
      "changed on its way, or publicKey is not the key of baseUrl",
  );
}

/** Finds the archive's line: signature in Base64, tab, file name. */
function findSignature(archive: SignedArchive): Uint8Array {
  const line = archive.signatures.split(/\r?\n/).find((line) => line.endsWith(`\t${archive.file}`));
  if (line === undefined) throw cannotTrust(archive, "the signature file has no line for it");
  const signature = decodeBase64(line.slice(0, line.indexOf("\t")));
  if (signature?.length === SIGNATURE_BYTES) return signature;
  throw cannotTrust(archive, `its line in the signature file holds no signature: '${line}'`);
}

function decodeBase64(text: string): Uint8Array | undefined {
  try {
    // Strictly: each signature has one text, so that no changed byte is overlooked.
    return Uint8Array.fromBase64(text, { lastChunkHandling: "strict" });
  } catch {
    return undefined;
  }
}

function cannotTrust({ file }: SignedArchive, reason: string): JSockDClientError {
  return new JSockDClientError("SIGNATURE", `Cannot trust '${file}': ${reason}`);
}
