import { assert, assertEquals, assertRejects } from "@std/assert";
import { verify } from "../../src/common/ed25519.ts";
import { generateKeyPair, sign } from "../../src/common/keys.ts";

const message = new TextEncoder().encode("message");

Deno.test("verify() tells what is signed from what is not", async () => {
  const { publicKey, privateKey } = await generateKeyPair();
  const signature = await sign(message, privateKey);
  assert(await verify(signature, message, publicKey));
  assert(await verify(signature, message, `${publicKey.toLowerCase()}\n`));
  assertEquals(await verify(signature, message.subarray(1), publicKey), false);
  assertEquals(await verify(signature.toReversed(), message, publicKey), false);
  assertEquals(await verify(signature, message, (await generateKeyPair()).publicKey), false);
});

Deno.test("verify() refuses what only a lenient check accepts", async () => {
  // A key of small order, which fits a signature of zeros over any message.
  const key = `01${"00".repeat(31)}`;
  const signature = Uint8Array.fromHex(`01${"00".repeat(63)}`);
  assertEquals(await verify(signature, message, key), false);
});

Deno.test("verify() refuses a key that is no point of the curve", async () => {
  const { privateKey } = await generateKeyPair();
  assertEquals(await verify(await sign(message, privateKey), message, "FF".repeat(32)), false);
});

Deno.test("verify() rejects when the key is none", async () => {
  const signature = new Uint8Array(64);
  await assertRejects(() => verify(signature, message, "ab"), Error, "Cannot read the public key");
});
