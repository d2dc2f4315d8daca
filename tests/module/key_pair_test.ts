import { assertEquals, assertMatch } from "@std/assert";
import { sign } from "../../src/common/keys.ts";
import { verify } from "../../src/common/ed25519.ts";
import { generateKeyPair } from "../../src/module/mod.ts";

Deno.test("generateKeyPair() returns a matching pair of hexadecimal keys", async () => {
  const { publicKey, privateKey } = await generateKeyPair();
  assertMatch(publicKey, /^[0-9A-F]{64}$/);
  assertMatch(privateKey, /^[0-9A-F]{128}$/);
  const message = new TextEncoder().encode("message");
  assertEquals(await verify(await sign(message, privateKey), message, publicKey), true);
});
