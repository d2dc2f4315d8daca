import { assertEquals, assertRejects } from "@std/assert";
import { writeKeyFiles } from "../../../src/embedded/command_line/files.ts";
import { TempFolder } from "../../support/temp_folder.ts";

Deno.test("writeKeyFiles() writes neither file when one of them exists", async () => {
  await using folder = await TempFolder.make();
  for (const name of ["key.pubkey", "key.privkey"]) {
    const path = `${folder.path}/${name}`;
    await Deno.writeTextFile(path, "mine");
    await assertRejects(() => writeKeyFiles(`${folder.path}/key`), Deno.errors.AlreadyExists);
    assertEquals((await Array.fromAsync(Deno.readDir(folder.path))).map((e) => e.name), [name]);
    assertEquals(await Deno.readTextFile(path), "mine");
    await Deno.remove(path);
  }
});
