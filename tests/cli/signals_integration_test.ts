import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { StalledHost } from "../module/stalled_host.ts";
import { namesIn } from "../support/files.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { until } from "../support/until.ts";
import { within } from "../support/within.ts";
import { interrupt, processesNaming } from "./program.ts";

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

for (
  const { signal, group, status } of [
    ...SIGNALS,
    // The program cannot do anything about this one.
    { signal: "SIGKILL", group: false, status: 137 },
  ] as const
) {
  const whom = group ? "its process group" : "it alone";
  Deno.test(`jsockd build exits with ${status} and ends the bundler when ${signal} is sent to ${whom}`, async () => {
    await using folder = await TempFolder.make();
    await using host = new StalledHost();
    const [entry, out] = [join(folder.path, "site.ts"), join(folder.path, "out")];
    await Deno.writeTextFile(join(folder.path, "deno.json"), "{}");
    await Deno.writeTextFile(entry, `import "${host.url}";`);
    const { left: _, ...outcome } = await interrupt(
      ["build", entry, "--embedded", "--out", out],
      { after: host.requested, signal, group, env: { TMPDIR: folder.path } },
    );
    assertEquals(outcome, { code: status, stdout: "", messagesAfter: [] });
    await within(host.abandoned, "the end of the bundler's request");
    await until(() => processesNaming(folder.path).length === 0, "the end of the bundler");
    assertEquals(namesIn(folder.path), ["deno.json", "out", "site.ts"]);
    assertEquals(namesIn(out), ["module.privkey", "module.pubkey"]);
  });
}
