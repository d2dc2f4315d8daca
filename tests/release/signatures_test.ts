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

/** Returns a copy of the bytes with one bit changed. */
function changeByte(bytes: Uint8Array, index: number): Uint8Array<ArrayBuffer> {
  const changed = new Uint8Array(bytes);
  changed[index]! ^= 1;
  return changed;
}

Deno.test("verifyArchive() accepts a signed archive with other lines and any line endings", async () => {
  await verifyArchive(archive, publicKey);
  await verifyArchive(archive, publicKey.toUpperCase());
  const other = `${"A".repeat(86)}==\tb-a.tar.gz`;
  for (const signatures of [`${other}\r\n${signature}\ta.tar.gz\r\n`, `${signature}\ta.tar.gz`]) {
    await verifyArchive({ ...archive, signatures }, publicKey);
  }
});

Deno.test("verifyArchive() rejects when any byte of the archive is changed", async () => {
  for (let i = 0; i < bytes.length; i++) {
    await assertRefused({ bytes: changeByte(bytes, i) }, "its signature is not valid");
  }
  await assertRefused({ bytes: bytes.slice(1) }, "its signature is not valid");
});

Deno.test("verifyArchive() rejects when any byte of the signature line is changed", async () => {
  const line = new TextEncoder().encode(`${signature}\ta.tar.gz`);
  for (let i = 0; i < line.length; i++) {
    const signatures = new TextDecoder().decode(changeByte(line, i));
    await assertRefused({ signatures }, "Cannot trust 'a.tar.gz'");
  }
});

Deno.test("verifyArchive() names the expected key when the archive is signed with another", async () => {
  const other = await generateKeys();
  const error = await assertRejects(
    () => verifyArchive(archive, other.publicKey),
    JSockDClientError,
    other.publicKey,
  );
  assertEquals(error.code, "SIGNATURE");
});

for (
  const [what, signatures] of [
    ["is empty", ""],
    ["names another archive", `${signature}\tb.tar.gz\n`],
    ["has a space for a tab", `${signature} a.tar.gz\n`],
  ] as const
) {
  Deno.test(`verifyArchive() rejects when the signature file ${what}`, async () => {
    await assertRefused({ signatures }, "the signature file has no line for it");
  });
}

for (
  const [what, text] of [
    ["is empty", ""],
    ["is too short", "AAAA"],
    ["is not base64", "not base64"],
    ["has no padding", signature.slice(0, -2)],
  ] as const
) {
  Deno.test(`verifyArchive() rejects when the signature ${what}`, async () => {
    const message = `holds no signature: '${text}\ta.tar.gz'`;
    await assertRefused({ signatures: `${text}\ta.tar.gz` }, message);
  });
}
