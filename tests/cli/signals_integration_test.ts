import { assertEquals } from "@std/assert";
import { namesIn } from "../support/files.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { interrupt } from "./program.ts";

const FOREVER = "() => { console.log('started'); for (;;); }";

const CASES = {
  run: ["run", "--embedded", "--timeout", "3600000", FOREVER],
  bench: ["bench", "--embedded", "--threads", "2", "--callers", "1", "--query", FOREVER],
};

const SIGNALS = [
  { signal: "SIGINT", group: true, status: 130 },
  { signal: "SIGINT", group: false, status: 130 },
  { signal: "SIGTERM", group: false, status: 143 },
  { signal: "SIGHUP", group: true, status: 129 },
] as const;

for (const [name, args] of Object.entries(CASES)) {
  for (const { signal, group, status } of SIGNALS) {
    const whom = group ? "it and its server" : "it alone";
    Deno.test(`jsockd ${name} exits with ${status} and leaves nothing behind when ${signal} is sent to ${whom}`, async () => {
      await using folder = await TempFolder.make();
      const outcome = await interrupt(args, {
        after: "started",
        signal,
        group,
        env: { TMPDIR: folder.path },
      });
      assertEquals(outcome, { code: status, stdout: "", messagesAfter: [], left: [] });
      assertEquals(namesIn(folder.path), []);
    });
  }
}
