import { basename, fromFileUrl, join } from "@std/path";
import { cp } from "node:fs/promises";
import { ROOT } from "../tests/support/checkout.ts";
import { runDeno } from "../tests/support/run_to_end.ts";
import { TempFolder } from "../tests/support/temp_folder.ts";

/**
 * Runs `deno publish --dry-run`.
 *
 * It runs in a copy of the checkout, with the stand-ins for `@std` moved out of the package's
 * folder. Inside it, `deno publish` would refuse them, because the package imports but does not
 * publish them.
 *
 * @returns The paths of the files to publish, relative to the root of the checkout.
 */
export async function dryRun(): Promise<string[]> {
  await using folder = await TempFolder.make();
  const copy = join(folder.path, "package");
  const standIns = join(ROOT, ".ci/std");
  await cp(ROOT, copy, {
    recursive: true,
    filter: (path) => path !== standIns && ![".git", "node_modules"].includes(basename(path)),
  });
  await cp(standIns, join(folder.path, "std"), { recursive: true });
  const config = await Deno.readTextFile(join(ROOT, "deno.json"));
  await Deno.writeTextFile(join(copy, "deno.json"), config.replaceAll(`".ci/std/`, `"../std/`));

  const { code, stdout, stderr } = await runDeno(["publish", "--dry-run"], { cwd: copy });
  const output = stdout + stderr;
  if (code !== 0 || /\bwarning\b/i.test(output)) {
    throw new Error(`Cannot publish the package: the dry run printed\n${output}`);
  }
  const files = output.matchAll(/^ +(file:\S+) \(.+\)$/gm);
  return Array.from(files, ([, url]) => fromFileUrl(url!).slice(copy.length + 1));
}
