import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { runDeno, stdoutOf } from "../../support/run_to_end.ts";

Deno.test("EngineWorker gives its worker no permissions when the server has all of them", async () => {
  const program = fromFileUrl(new URL("start_probe.ts", import.meta.url));
  const args = ["run", "-A", "--unstable-worker-options", program];
  assertEquals(await stdoutOf(runDeno(args)), "granted: \n");
});

Deno.test("EngineWorker rejects when its engine cannot be created, and when it fails", async () => {
  const program = fromFileUrl(new URL("fail_probe.ts", import.meta.url));
  const args = ["run", "-A", "--unstable-worker-options", program];
  assertMatch(await stdoutOf(runDeno(args)), /^.*no engine\n.*no guard\n$/);
});
