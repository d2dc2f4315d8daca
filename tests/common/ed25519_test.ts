import { assert, assertEquals, assertRejects } from "@std/assert";
import { verify } from "../../src/common/ed25519.ts";
import { generateKeyPair, sign } from "../../src/common/keys.ts";

const message = new TextEncoder().encode("message");

Deno.test("verify() resolves to true only when message, signature and key belong together", async () => {
  const { publicKey, privateKey } = await generateKeyPair();
  const signature = await sign(message, privateKey);
  assert(await verify(signature, message, publicKey));
  assert(await verify(signature, message, `${publicKey.toLowerCase()}\n`));
  assertEquals(await verify(signature, message.subarray(1), publicKey), false);
  assertEquals(await verify(signature.toReversed(), message, publicKey), false);
  assertEquals(await verify(signature, message, (await generateKeyPair()).publicKey), false);
});

Deno.test("verify() resolves to false when only the lenient rule would accept the signature", async () => {
  // With this key of small order, the signature is valid for any message.
  const key = `01${"00".repeat(31)}`;
  const signature = Uint8Array.fromHex(`01${"00".repeat(63)}`);
  assertEquals(await verify(signature, message, key), false);
});

Deno.test("verify() resolves to false when the key is not a point on the curve", async () => {
  const { privateKey } = await generateKeyPair();
  assertEquals(await verify(await sign(message, privateKey), message, "FF".repeat(32)), false);
});

Deno.test("verify() rejects when the text is not a key", async () => {
  const signature = new Uint8Array(64);
  await assertRejects(() => verify(signature, message, "ab"), Error, "Cannot read the public key");
});
