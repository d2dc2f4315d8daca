import { assert, assertEquals, assertRejects } from "@std/assert";
import { toFileUrl } from "@std/path";
import { JSockDClientError } from "../../mod.ts";
import { loadBuiltModule } from "../../src/module/mod.ts";
import { servers } from "../conformance/servers.ts";
import { Project, start } from "./project.ts";

const FILES = {
  "main.ts": `export const title = "first";
export function fail(): never {
  throw new Error("no");
}
`,
};

const [embedded] = servers;
assert(embedded !== undefined);

for (const server of servers) {
  Deno.test(`${server.name}: loadBuiltModule() loads a build that was moved`, async () => {
    await using project = await Project.make(FILES);
    const built = await project.build(server);
    assertEquals(await loadBuiltModule(project.outDir), built);
    const moved = project.path("moved é");
    await Deno.rename(project.outDir, moved);
    await Deno.remove(project.path("main.ts"));
    const loaded = await loadBuiltModule(toFileUrl(moved));
    assert(loaded.bytecodeModuleFile.startsWith(moved) && loaded.sourceMap?.startsWith(moved));
    await using client = await start(server, loaded);
    assertEquals(await client.run("(module) => module.title"), "first");
  });
}

Deno.test("loadBuiltModule() loads the module that was built last", async () => {
  await using project = await Project.make(FILES);
  const first = await project.build(embedded);
  await project.write("main.ts", `export const title = "second";`);
  const second = await project.build(embedded, { sourceMap: false });
  assertEquals(await loadBuiltModule(project.outDir), second);
  assertEquals("sourceMap" in second, false);

  await project.write("main.ts", FILES["main.ts"]);
  assertEquals(await project.build(embedded), first);
  assertEquals(await loadBuiltModule(project.outDir), first);
});

Deno.test("loadBuiltModule() rejects with CONFIG when the build is missing or damaged", async () => {
  await using project = await Project.make(FILES);
  const built = await project.build(embedded);
  const manifest = `${project.outDir}/manifest.json`;
  const sound = JSON.parse(await Deno.readTextFile(manifest));
  const assertFails = async (folder: string | URL, reason: string) => {
    const error = await assertRejects(() => loadBuiltModule(folder), JSockDClientError, reason);
    assertEquals(error.code, "CONFIG");
  };
  await assertFails(project.path("nowhere"), "nowhere': there is no manifest.json; name the");
  await assertFails("", `Cannot load a built module from "": expected a path`);
  await assertFails(new URL("https://example.com/"), "expected a path or a 'file:' URL");
  const damaged: [unknown, string][] = [
    [{ ...sound, format: 2 }, "has the format 2, and this version of @x/jsockd reads 1"],
    [{}, "is damaged; build it again"],
    [null, "is damaged"],
    [{ ...sound, publicKey: "key" }, "is damaged"],
    [{ ...sound, module: { ...sound.module, path: "../x.jsockd" } }, "is damaged"],
    [{ ...sound, module: { ...sound.module, path: "/x.jsockd" } }, "is damaged"],
    [{ ...sound, sourceMap: "x.map" }, "is damaged"],
  ];
  for (const [content, reason] of damaged) {
    await Deno.writeTextFile(manifest, JSON.stringify(content));
    await assertFails(project.outDir, reason);
  }
  await Deno.writeTextFile(manifest, JSON.stringify(sound).slice(0, 40));
  await assertFails(project.outDir, "is damaged");

  await Deno.writeTextFile(manifest, JSON.stringify(sound));
  await Deno.writeTextFile(built.sourceMap!, " ", { append: true });
  await assertFails(project.outDir, "main.mjs.map' has changed since it was built");
  await Deno.remove(built.bytecodeModuleFile);
  await assertFails(project.outDir, "main.jsockd' is missing; copy the whole folder");
});
