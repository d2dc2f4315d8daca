import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { JSockDClientError } from "../../mod.ts";
import { generateKeyPair } from "../../src/module/mod.ts";
import { servers } from "../conformance/servers.ts";
import { namesIn } from "../support/files.ts";
import { runToEnd } from "../support/run_to_end.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { start } from "./project.ts";

Deno.test("generateKeyPair() writes two files when given a prefix", async () => {
  await using folder = await TempFolder.make();
  const pair = await generateKeyPair(join(folder.path, "site"));
  assertEquals(pair.publicKeyFile, join(folder.path, "site.pubkey"));
  assertEquals(pair.privateKeyFile, join(folder.path, "site.privkey"));
  assertEquals(await Deno.readTextFile(pair.publicKeyFile), pair.publicKey);
  assertEquals(await Deno.readTextFile(pair.privateKeyFile), pair.privateKey);
  assertEquals((await Deno.stat(pair.privateKeyFile)).mode! & 0o777, 0o600);
  assertEquals(namesIn(folder.path), ["site.privkey", "site.pubkey"]);
});

for (const taken of ["site.pubkey", "site.privkey"]) {
  Deno.test(`generateKeyPair() rejects and writes nothing when ${taken} exists`, async () => {
    await using folder = await TempFolder.make();
    await Deno.writeTextFile(join(folder.path, taken), "precious");
    const error = await assertRejects(
      () => generateKeyPair(join(folder.path, "site")),
      JSockDClientError,
      `${taken}': it exists`,
    );
    assertEquals(error.code, "CONFIG");
    assertEquals(namesIn(folder.path), [taken]);
    assertEquals(await Deno.readTextFile(join(folder.path, taken)), "precious");
  });
}

Deno.test("generateKeyPair() rejects when the folder does not exist", async () => {
  await using folder = await TempFolder.make();
  const error = await assertRejects(
    () => generateKeyPair(join(folder.path, "none", "site")),
    JSockDClientError,
    "Cannot create the key file",
  );
  assertEquals(error.code, "CONFIG");
});

for (const server of servers) {
  Deno.test(`${server.name}: -c signs with the key when generateKeyPair() has written it`, async () => {
    await using folder = await TempFolder.make();
    const { publicKey, privateKeyFile } = await generateKeyPair(join(folder.path, "site"));
    const source = join(folder.path, "module.mjs");
    const module = join(folder.path, "module");
    await Deno.writeTextFile(source, "export const answer = 42;");
    const signing = [server.differences.signingFlag, privateKeyFile];
    const { code, stderr } = await runToEnd(server.command, ["-c", source, module, ...signing]);
    assertEquals(code, 0, stderr);
    const built = { bytecodeModuleFile: module, bytecodeModulePublicKey: publicKey };
    await using client = await start(server, built);
    assertEquals(await client.run("(module) => module.answer"), 42);
  });
}
