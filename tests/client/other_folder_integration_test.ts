import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { embeddedServer } from "../../src/embedded/mod.ts";
import { DENO_DIR } from "../support/deno_dir.ts";
import { runToEnd } from "../support/run_to_end.ts";
import { shellWords } from "../support/shell.ts";
import { TempFolder } from "../support/temp_folder.ts";

const program = fromFileUrl(new URL("./other_folder.ts", import.meta.url));

Deno.test("JSockDClient restarts a server that was named by a relative path when the working folder has changed", async () => {
  await using folder = await TempFolder.make();
  const words = shellWords([embeddedServer()].flat());
  await Deno.writeTextFile(join(folder.path, "server"), `#!/bin/sh\nexec ${words} "$@"\n`, {
    mode: 0o755,
  });
  const { stdout, stderr } = await runToEnd([Deno.execPath(), "run", "-A"], [program], {
    cwd: folder.path,
    env: { DENO_DIR },
  });
  assertEquals([stdout, stderr], ["2\n3\n", ""]);
});
