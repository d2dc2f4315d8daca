import { assert, assertEquals } from "@std/assert";
import { findSizeMeter } from "../../src/server/resident_size.ts";
import { residentBytes } from "../support/processes.ts";
import { runDeno } from "../support/run_to_end.ts";

const program = new URL("./size_probe.ts", import.meta.url).href;

Deno.test("findSizeMeter() measures a process and its children", async () => {
  const args = ["-c", "sleep 60 & echo $!; wait"];
  const shell = new Deno.Command("sh", { args, stdin: "null", stdout: "piped" }).spawn();
  const lines = shell.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const sleeper = Number((await lines.read()).value);
  const { measure } = await findSizeMeter();
  const [both, own] = [await measure(shell.pid), await residentBytes(shell.pid)];
  assert(both > own && both < own + 20e6, `${both} bytes, the shell alone ${own}`);
  Deno.kill(sleeper, "SIGKILL");
  await lines.read();
  await shell.status;
});

Deno.test("findSizeMeter() runs ps when it may not read /proc, and returns 0 for no process", async () => {
  const flags = ["--quiet", "--no-prompt", "--no-lock"];
  const { stdout } = await runDeno(["run", ...flags, "--allow-run=/bin/ps", program]);
  const [intervalMs, size, none] = stdout.split(" ").map(Number);
  assertEquals([intervalMs, none], [250, 0]);
  assert(size! > 10e6, stdout);
  const without = await runDeno(["run", ...flags, program]);
  assertEquals(without.stdout.trim(), "NotCapable");
});
