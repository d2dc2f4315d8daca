import { assertEquals } from "@std/assert";
import { JSockDClientError } from "../../src/common/errors.ts";
import { explainMissingLoader } from "../../src/release/missing_loader.ts";
import { TempFolder } from "../support/temp_folder.ts";

Deno.test("explainMissingLoader() leaves the error as it is when the executable is gone", async () => {
  await using folder = await TempFolder.make();
  const cause = new Deno.errors.NotFound();
  const error = new JSockDClientError("SPAWN", "Cannot start 'jsockd'", { cause });
  assertEquals(await explainMissingLoader(error, `${folder.path}/jsockd`), error);
});
