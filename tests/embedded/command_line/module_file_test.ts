import { assertEquals, assertRejects } from "@std/assert";
import { generateKeyPair } from "../../../src/common/keys.ts";
import {
  decodeModuleFile,
  encodeModuleFile,
  MODULE_VERSION,
  ModuleFileError,
} from "../../../src/embedded/command_line/module_file.ts";
import { generateKeys, moduleParts, signModule } from "../../support/signed_module.ts";

const module = { name: "dir/é.mjs", text: "export const a = 'ü'; //# sourceURL=no" };
const { publicKey, privateKey } = await generateKeyPair();
const file = await encodeModuleFile(module, privateKey);

Deno.test("decodeModuleFile() returns the module that encodeModuleFile() encoded", async () => {
  assertEquals(await decodeModuleFile(file, publicKey), module);
});

Deno.test("encodeModuleFile() uses the layout of JSockD", () => {
  assertEquals(moduleParts(file).version, MODULE_VERSION);
});

Deno.test("decodeModuleFile() rejects when any byte is changed", async () => {
  for (let i = 0; i < file.length; i += 7) {
    const changed = file.slice();
    changed[i]! ^= 1;
    await assertRejects(() => decodeModuleFile(changed, publicKey), ModuleFileError);
  }
});

Deno.test("decodeModuleFile() rejects when the signature is missing or of another key", async () => {
  const unsigned = await encodeModuleFile(module, undefined);
  await assertRejects(() => decodeModuleFile(unsigned, publicKey), ModuleFileError, "signature");
  const { publicKey: other } = await generateKeyPair();
  await assertRejects(() => decodeModuleFile(file, other), ModuleFileError, "signature");
});

Deno.test("decodeModuleFile() rejects when there is no key", async () => {
  await assertRejects(() => decodeModuleFile(file, ""), ModuleFileError, "public key");
});

Deno.test("decodeModuleFile() rejects when the file is too short", async () => {
  for (const length of [0, 64, 191, 192]) {
    const short = file.subarray(0, length);
    await assertRejects(() => decodeModuleFile(short, publicKey), ModuleFileError, "has only");
  }
});

Deno.test("decodeModuleFile() names both versions when the module is for another server", async () => {
  const keys = await generateKeys();
  const foreign = await signModule(
    { code: new Uint8Array(10), version: "0.0.139" },
    keys.privateKey,
  );
  await assertRejects(
    () => decodeModuleFile(foreign, keys.publicKey),
    ModuleFileError,
    `it is for version '0.0.139', and this server needs '${MODULE_VERSION}'`,
  );
});
