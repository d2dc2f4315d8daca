import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { runToEnd } from "../support/run_to_end.ts";
import { TempFolder } from "../support/temp_folder.ts";

const program = fromFileUrl(new URL("./least_privilege.ts", import.meta.url));

Deno.test("permissionFlags() gives just what a client needs, and each of them is missed", async () => {
  await using folder = await TempFolder.make();
  const socketDir = join(folder.path, "sockets");
  const run = async (given: string[]) => {
    const args = ["run", "--no-prompt", ...given, program, socketDir];
    const { stdout, stderr } = await runToEnd([Deno.execPath()], args, {
      // Deno itself must find its cache; the program may not read this.
      env: { HOME: Deno.env.get("HOME") ?? "", DENO_DIR: Deno.env.get("DENO_DIR") ?? "" },
    });
    const [flags, outcome] = stdout.split("\n");
    return { flags: flags!.split(" "), outcome: outcome ?? stderr };
  };

  const { flags, outcome } = await run([]);
  assertStringIncludes(outcome, `PERMISSION Cannot start`);
  assertStringIncludes(outcome, `add to 'deno run': ${flags.join(" ")}`);
  assertEquals(await run(flags), { flags, outcome: "42" });
  for (const missing of flags) {
    const { outcome } = await run(flags.filter((flag) => flag !== missing));
    assertStringIncludes(outcome, `PERMISSION Cannot start`);
    assertStringIncludes(outcome, `add to 'deno run': ${missing}`);
  }
});
