import { assertEquals } from "@std/assert";
import { until } from "../support/until.ts";
import { isRunning } from "../support/processes.ts";
import { runToEnd } from "../support/run_to_end.ts";
import { TempFolder } from "../support/temp_folder.ts";

Deno.test("a program that ends without closing its client leaves nothing behind", async () => {
  await using folder = await TempFolder.make();
  const program = new URL("unclosed.ts", import.meta.url).pathname;
  const { code, stdout } = await runToEnd([Deno.execPath()], ["run", "-A", program], {
    env: {
      HOME: Deno.env.get("HOME") ?? "",
      DENO_DIR: Deno.env.get("DENO_DIR") ?? "",
      TMPDIR: folder.path,
    },
  });
  const [result, pid] = stdout.trim().split(" ").map(Number);
  assertEquals([code, result], [0, 42]);
  await until(() => !isRunning(pid!), "the server's end");
  assertEquals(Array.from(Deno.readDirSync(folder.path)), []);
});
