import { assertEquals, assertRejects } from "@std/assert";
import { servers } from "../conformance/servers.ts";
import { exists, namesIn } from "../support/files.ts";
import { isRunning } from "../support/processes.ts";
import { until } from "../support/until.ts";
import { within } from "../support/within.ts";
import { Project } from "./project.ts";
import { StalledHost } from "./stalled_host.ts";

const [embedded] = servers;
const KEYS = ["module.privkey", "module.pubkey"];

Deno.test("buildModule() rejects with the signal's reason when the signal aborts while it bundles", async () => {
  await using host = new StalledHost();
  await using project = await Project.make({ "main.ts": `import "${host.url}";` });
  const controller = new AbortController();
  const reason = new Error("no longer wanted");
  const rejected = assertRejects(
    () => project.build(embedded!, { signal: controller.signal }),
    Error,
    reason.message,
  );
  await within(host.requested, "the bundler's request");
  controller.abort(reason);
  assertEquals(await within(rejected, "the end of the build"), reason);
  await within(host.abandoned, "the end of the request");
  assertEquals(namesIn(project.outDir), KEYS);
});

Deno.test("buildModule() ends the server and leaves no folder when the signal aborts while it compiles", async () => {
  await using project = await Project.make({ "main.ts": "export const answer = 42;" });
  const pidFile = project.path("pid");
  const script = `echo $$ > '${pidFile}.new'; mv '${pidFile}.new' '${pidFile}'; exec sleep 1000`;
  const controller = new AbortController();
  const rejected = assertRejects(
    () =>
      project.build(embedded!, {
        jsockdExec: ["/bin/sh", "-c", script],
        signal: controller.signal,
      }),
    DOMException,
    "aborted",
  );
  await until(() => exists(pidFile), "the start of the server");
  controller.abort();
  await within(rejected, "the end of the build");
  assertEquals(isRunning(Number(await Deno.readTextFile(pidFile))), false);
  assertEquals(namesIn(project.outDir), KEYS);
});

Deno.test("buildModule() writes nothing when its signal has already aborted", async () => {
  await using project = await Project.make({ "main.ts": "export const answer = 42;" });
  await assertRejects(
    () => project.build(embedded!, { signal: AbortSignal.abort() }),
    DOMException,
  );
  assertEquals(namesIn(project.outDir), []);
});
