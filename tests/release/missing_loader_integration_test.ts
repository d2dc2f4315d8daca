import { assertEquals } from "@std/assert";
import { JSockDClientError } from "../../src/common/errors.ts";
import { explainMissingLoader } from "../../src/release/missing_loader.ts";
import { TempFolder } from "../support/temp_folder.ts";

Deno.test("explainMissingLoader() returns the given error when the executable does not exist", async () => {
  await using folder = await TempFolder.make();
  const cause = new Deno.errors.NotFound();
  const error = new JSockDClientError("SPAWN", "Cannot start 'jsockd'", { cause });
  assertEquals(await explainMissingLoader(error, `${folder.path}/jsockd`), error);
});
