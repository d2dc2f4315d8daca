import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { namesIn } from "../support/files.ts";
import { until } from "../support/until.ts";
import { isRunning } from "../support/processes.ts";
import { runDeno } from "../support/run_to_end.ts";
import { TempFolder } from "../support/temp_folder.ts";

Deno.test("a program that ends without closing its client leaves nothing behind", async () => {
  await using folder = await TempFolder.make();
  const program = fromFileUrl(new URL("unclosed.ts", import.meta.url));
  const { code, stdout } = await runDeno(["run", "-A", program], {
    env: { TMPDIR: folder.path },
  });
  const [result, pid] = stdout.trim().split(" ").map(Number);
  assertEquals([code, result], [0, 42]);
  await until(() => !isRunning(pid!), "the server's end");
  assertEquals(namesIn(folder.path), []);
});
