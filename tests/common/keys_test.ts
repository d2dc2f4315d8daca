import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { generateKeyPair, sign } from "../../src/common/keys.ts";

const message = new TextEncoder().encode("message");

Deno.test("generateKeyPair() resolves to keys in JSockD's format", async () => {
  const { publicKey, privateKey } = await generateKeyPair();
  assertMatch(publicKey, /^[0-9A-F]{64}$/);
  assertMatch(privateKey, /^[0-9A-F]{128}$/);
});

Deno.test("sign() resolves to a signature that Web Crypto accepts", async () => {
  const { publicKey, privateKey } = await generateKeyPair();
  const signature = await sign(message, privateKey);
  const key = await crypto.subtle.importKey(
    "raw",
    Uint8Array.fromHex(publicKey),
    "Ed25519",
    false,
    [
      "verify",
    ],
  );
  assert(await crypto.subtle.verify("Ed25519", key, signature, message));
});

Deno.test("sign() resolves to the signature of RFC 8032 when given the expanded key", async () => {
  // The first test vector of RFC 8032, section 7.1, its seed hashed and clamped.
  const seed = Uint8Array.fromHex(
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
  );
  const expanded = new Uint8Array(await crypto.subtle.digest("SHA-512", seed));
  expanded[0]! &= 0xF8;
  expanded[31] = (expanded[31]! & 0x7F) | 0x40;
  assertEquals(
    (await sign(new Uint8Array(), expanded.toHex())).toHex(),
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b" +
      "d25bf5f0595bbe24655141438e7a100b",
  );
});

Deno.test("sign() rejects when the text is not a key", async () => {
  await assertRejects(() => sign(message, "x".repeat(128)), Error, "Cannot read the private key");
});
