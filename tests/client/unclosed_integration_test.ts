import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { namesIn } from "../support/files.ts";
import { isRunning } from "../support/processes.ts";
import { runDeno } from "../support/run_to_end.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { until } from "../support/until.ts";

for (const [how, expectedCode] of [["exit", 0], ["SIGKILL", 137]] as const) {
  Deno.test(`initJSockDClient() leaves nothing behind when the program ends by ${how} without close()`, async () => {
    await using folder = await TempFolder.make();
    const program = fromFileUrl(new URL("unclosed.ts", import.meta.url));
    const { code, stdout } = await runDeno(["run", "-A", program, how], {
      env: { TMPDIR: folder.path },
    });
    const [result, pid] = stdout.trim().split(" ").map(Number);
    assertEquals([code, result], [expectedCode, 42]);
    await until(() => !isRunning(pid!), "the server's end");
    assertEquals(namesIn(folder.path), []);
  });
}
