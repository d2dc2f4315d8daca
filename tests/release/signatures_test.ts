import { assertEquals, assertRejects } from "@std/assert";
import { JSockDClientError } from "../../src/common/errors.ts";
import { type SignedArchive, verifyArchive } from "../../src/release/signatures.ts";
import { generateKeys } from "../support/signed_module.ts";

const { privateKey, publicKey } = await generateKeys();
const bytes = new TextEncoder().encode("what an archive holds");
const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", privateKey, bytes)).toBase64();
const archive: SignedArchive = {
  file: "a.tar.gz",
  bytes,
  signatures: `${signature}\ta.tar.gz\n`,
};

async function assertRefused(changed: Partial<SignedArchive>, message: string): Promise<void> {
  const error = await assertRejects(
    () => verifyArchive({ ...archive, ...changed }, publicKey),
    JSockDClientError,
    message,
  );
  assertEquals(error.code, "SIGNATURE");
}

/** The bytes with one of them changed. */
function changeByte(bytes: Uint8Array, index: number): Uint8Array<ArrayBuffer> {
  const changed = new Uint8Array(bytes);
  changed[index]! ^= 1;
  return changed;
}

Deno.test("verifyArchive() accepts what is signed, among others and with any line ends", async () => {
  await verifyArchive(archive, publicKey);
  await verifyArchive(archive, publicKey.toUpperCase());
  const other = `${"A".repeat(86)}==\tb-a.tar.gz`;
  for (const signatures of [`${other}\r\n${signature}\ta.tar.gz\r\n`, `${signature}\ta.tar.gz`]) {
    await verifyArchive({ ...archive, signatures }, publicKey);
  }
});

Deno.test("verifyArchive() refuses an archive of which any byte is changed", async () => {
  for (let i = 0; i < bytes.length; i++) {
    await assertRefused({ bytes: changeByte(bytes, i) }, "its signature is not of these bytes");
  }
  await assertRefused({ bytes: bytes.slice(1) }, "its signature is not of these bytes");
});

Deno.test("verifyArchive() refuses a signature line of which any byte is changed", async () => {
  const line = new TextEncoder().encode(`${signature}\ta.tar.gz`);
  for (let i = 0; i < line.length; i++) {
    const signatures = new TextDecoder().decode(changeByte(line, i));
    await assertRefused({ signatures }, "Cannot trust 'a.tar.gz'");
  }
});

Deno.test("verifyArchive() refuses another key, and says which one it expected", async () => {
  const other = await generateKeys();
  const error = await assertRejects(
    () => verifyArchive(archive, other.publicKey),
    JSockDClientError,
    other.publicKey,
  );
  assertEquals(error.code, "SIGNATURE");
});

for (const signatures of ["", `${signature}\tb.tar.gz\n`, `${signature} a.tar.gz\n`]) {
  Deno.test(`verifyArchive() says that there is no line for it in '${signatures}'`, async () => {
    await assertRefused({ signatures }, "the signature file has no line for it");
  });
}

for (const text of ["", "AAAA", "not base64", signature.slice(0, -2)]) {
  Deno.test(`verifyArchive() says that '${text}' is no signature`, async () => {
    const message = `holds no signature: '${text}\ta.tar.gz'`;
    await assertRefused({ signatures: `${text}\ta.tar.gz` }, message);
  });
}
