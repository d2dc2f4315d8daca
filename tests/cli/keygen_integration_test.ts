import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { TempFolder } from "../support/temp_folder.ts";
import { call } from "./program.ts";

Deno.test("jsockd keygen prints a key pair when it has no permissions and no PREFIX", async () => {
  const { code, stdout, stderr } = await call(["keygen"], { permissions: [] });
  assertEquals([code, stderr], [0, ""]);
  const { publicKey, privateKey, ...rest } = JSON.parse(stdout);
  assertMatch(publicKey, /^[0-9A-F]{64}$/);
  assertMatch(privateKey, /^[0-9A-F]{128}$/);
  assertEquals(rest, {});
});

Deno.test("jsockd keygen writes files when PREFIX is given, and exits with 1 when they exist", async () => {
  await using folder = await TempFolder.make();
  const prefix = join(folder.path, "key");
  const { code, stdout, stderr } = await call(["keygen", prefix]);
  assertEquals([code, stderr], [0, ""]);
  const publicKey = await Deno.readTextFile(`${prefix}.pubkey`);
  assertEquals(JSON.parse(stdout), {
    publicKey,
    publicKeyFile: `${prefix}.pubkey`,
    privateKeyFile: `${prefix}.privkey`,
  });

  const again = await call(["keygen", prefix]);
  assertEquals([again.code, again.stdout], [1, ""]);
  assertMatch(again.stderr, /^error: Cannot create the key file .* \(CONFIG\)\n$/);
  assertEquals(await Deno.readTextFile(`${prefix}.pubkey`), publicKey);
});
