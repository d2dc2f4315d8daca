import { assertEquals, assertStringIncludes } from "@std/assert";
import { delay } from "@std/async/delay";
import { join } from "@std/path";
import { codeBlocks } from "../readme/blocks.ts";
import { readJson, ROOT } from "../support/checkout.ts";
import { copyExample, RunningExample } from "./example_copy.ts";
import { within } from "../support/within.ts";

const FILES = ["main.ts", "dev.ts", "vite.config.ts", "islands/Counter.tsx"];

Deno.test("the README shows the files of the Fresh example", async () => {
  const readme = await Deno.readTextFile(join(ROOT, "README.md"));
  const [, section = ""] = readme.split(/^## .*Fresh.*\n/m);
  const blocks = codeBlocks(section.split(/^## /m)[0]!);
  assertEquals(blocks.map(({ file }) => file), FILES);
  for (const { file, code } of blocks) {
    assertEquals(code, await Deno.readTextFile(join(ROOT, "examples/fresh", file)));
  }
});

Deno.test("the Fresh example passes the type check", async () => {
  await using copy = await copyExample();
  await copy.deno(["check", "--cached-only", "dev.ts", "main.ts", "routes", "islands"]);
});

Deno.test("the Fresh example's build can be repeated, and its import map names the package", async () => {
  await using copy = await copyExample();
  for (let times = 0; times < 2; times++) await copy.deno(["run", "-A", "dev.ts", "build"]);
  const { imports } = await readJson("examples/fresh/deno.json");
  assertStringIncludes(imports["@x/jsockd"], "jsr:@x/jsockd@");
});

Deno.test("the Fresh example renders a changed island, and ends at SIGTERM", async () => {
  await using copy = await copyExample();
  await using example = await RunningExample.start(copy);
  assertStringIncludes(await example.page(), `<button type="button">Clicks: 3</button>`);

  const file = copy.path("islands/Counter.tsx");
  const source = await Deno.readTextFile(file);
  await Deno.writeTextFile(file, source.replace("Clicks:", "Presses:"));
  const changed = async () => {
    while (!(await example.page()).includes(">Presses: 3<")) await delay(20);
  };
  await within(changed(), "a page with the changed island", 60_000);

  assertEquals(await example.end("SIGTERM"), 0);
});
