import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { readJson, ROOT } from "../support/checkout.ts";
import { runDeno, runToEnd, stdoutOf } from "../support/run_to_end.ts";
import { TempFolder } from "../support/temp_folder.ts";

Deno.test("jsockd runs a function when it is installed with deno install", async () => {
  await using folder = await TempFolder.make();
  const { imports, links = [] } = await readJson("deno.json");
  const config = join(folder.path, "deno.json");
  // Deno copies the configuration to another folder, where relative paths would not resolve.
  const absoluteLinks = links.map((link: string) => join(ROOT, link));
  await Deno.writeTextFile(config, JSON.stringify({ imports, links: absoluteLinks }));

  const main = join(ROOT, "src/cli/main.ts");
  const options = ["--global", "--root", folder.path, "--name", "jsockd", "--config", config];
  await stdoutOf(runDeno(["install", ...options, "--allow-all", main]));
  const args = ["run", "--embedded", "(_, n) => n + 1", "41"];
  const env = Deno.env.toObject();
  const outcome = runToEnd([join(folder.path, "bin/jsockd")], args, { env });
  assertEquals(await stdoutOf(outcome), "42\n");
});
