import { assertThrows } from "@std/assert";
import { JSockDClientError } from "../../src/common/errors.ts";
import { checkRuntime, OLDEST_DENO } from "../../src/common/runtime_check.ts";

Deno.test("checkRuntime() accepts the oldest version and later ones", () => {
  for (const version of [`${OLDEST_DENO}.0`, "2.9.6", "2.10.0", "3.0.0", "2.9.7+1a2b3c4"]) {
    checkRuntime(version);
  }
});

Deno.test("checkRuntime() throws and names the oldest version when Deno is older", () => {
  for (const version of ["2.8.3", "2.8.99", "1.46.3"]) {
    const message = `Cannot use @x/jsockd with Deno ${version}, which is older than 2.9: ` +
      "run 'deno upgrade'";
    assertThrows(() => checkRuntime(version), JSockDClientError, message);
  }
});

Deno.test("checkRuntime() throws and names the oldest version when there is no Deno", () => {
  assertThrows(
    () => checkRuntime(undefined),
    JSockDClientError,
    "Cannot use @x/jsockd without Deno: run this program with Deno 2.9 or later",
  );
});
