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

Deno.test("the Fresh example's import map names the package", async () => {
  const { imports } = await readJson("examples/fresh/deno.json");
  assertStringIncludes(imports["@x/jsockd"], "jsr:@x/jsockd@");
});

Deno.test("the Fresh example passes the type check", async () => {
  await using copy = await copyExample();
  const files = ["dev.ts", "main.ts", "vite.config.ts", "routes", "islands"];
  await copy.deno(["check", "--cached-only", ...files]);
});

/** The arguments of Deno in the example's tasks. */
const TASKS = {
  "the Builder": { dev: "dev", build: "build" },
  "Vite": { dev: "vite:dev", build: "vite:build" },
};

for (const [name, { dev, build }] of Object.entries(TASKS)) {
  Deno.test(`with ${name}, the Fresh example renders a changed island while it is developed`, async () => {
    await using copy = await copyExample();
    await using example = await RunningExample.start(copy, await taskArgs(dev));
    assertStringIncludes(await example.page(), `<button type="button">Clicks: 3</button>`);

    const file = copy.path("islands/Counter.tsx");
    const source = await Deno.readTextFile(file);
    await Deno.writeTextFile(file, source.replace("Clicks:", "Presses:"));
    // With Vite, the browser is told to reload when the server has the new island.
    if (name === "Vite") await example.output(/^{"type":"full-reload"}$/m);
    else await within(pageWith(example, "Presses: 3"), "a page with the changed island", 120_000);
    assertStringIncludes(await example.page(), `<button type="button">Presses: 3</button>`);
  });

  Deno.test(`with ${name}, the Fresh example that was built is served, and ends at SIGTERM`, async () => {
    await using copy = await copyExample();
    await copy.deno(await taskArgs(build));
    const [serve, ...file] = await taskArgs("start");
    await using example = await RunningExample.start(copy, [serve!, "--port", "0", ...file]);
    assertStringIncludes(await example.page(), `<button type="button">Clicks: 3</button>`);
    assertEquals(await example.end("SIGTERM"), 0);
  });
}

/** Returns the arguments of Deno in a task of the example. */
async function taskArgs(name: string): Promise<string[]> {
  const { tasks } = await readJson("examples/fresh/deno.json");
  return tasks[name].split(" ").slice(1);
}

async function pageWith(example: RunningExample, text: string): Promise<void> {
  while (!(await example.page()).includes(text)) await delay(20);
}
