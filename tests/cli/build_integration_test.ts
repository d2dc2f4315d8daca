import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { TempFolder } from "../support/temp_folder.ts";
import { call } from "./program.ts";

Deno.test("jsockd run runs a module when it is given what jsockd build prints", async () => {
  await using folder = await TempFolder.make();
  const entry = join(folder.path, "site.ts");
  await Deno.writeTextFile(
    entry,
    `export const page = (title: string): string => {
  if (title === "") throw new Error("no title");
  return "<h1>" + title;
};
`,
  );
  const { code, stdout } = await call([
    ...["build", entry, "--embedded"],
    ...["--out", join(folder.path, "out")],
  ]);
  assertEquals(code, 0);
  const built: Record<string, string> = JSON.parse(stdout);
  assertEquals(Object.keys(built), [
    "bytecodeModuleFile",
    "bytecodeModulePublicKey",
    "sourceMap",
  ]);
  const page = (title: string) =>
    call([
      ...["run", "--embedded", "--module", built.bytecodeModuleFile!],
      ...["--public-key", built.bytecodeModulePublicKey!, "--source-map", built.sourceMap!],
      ...["(site, title) => site.page(title)", JSON.stringify(title)],
    ]);
  assertEquals((await page("News")).stdout, '"<h1>News"\n');
  await Deno.rename(join(folder.path, "out"), join(folder.path, "moved"));
  const moved = ["run", "--embedded", "--module", join(folder.path, "moved")];
  assertEquals((await call([...moved, "(site, n) => site.page(n)", "-5"])).stdout, '"<h1>-5"\n');
  await Deno.rename(join(folder.path, "moved"), join(folder.path, "out"));
  assertMatch((await page("")).stderr, /^JSockDJSException: Error: no title\n.*site\.ts:2:/);
});

Deno.test("jsockd build signs, minifies and omits the source map when its options say so", async () => {
  await using folder = await TempFolder.make();
  const file = (name: string) => join(folder.path, name);
  const { publicKey, privateKeyFile } = JSON.parse((await call(["keygen", file("key")])).stdout);
  await Deno.writeTextFile(file("m.js"), "export const longName = (longer) => longer + 1;\n");
  const { code, stdout } = await call([
    ...["build", file("m.js"), "--embedded", "--out", file("out")],
    ...["--key", privateKeyFile, "--minify", "--no-source-map"],
  ]);
  const built = JSON.parse(stdout);
  assertEquals([code, built.bytecodeModulePublicKey], [0, publicKey]);
  assertEquals(Object.keys(built), ["bytecodeModuleFile", "bytecodeModulePublicKey"]);
  // A module of the embedded server contains its source text.
  assertEquals((await Deno.readTextFile(built.bytecodeModuleFile)).includes("longer"), false);
});

Deno.test("jsockd build exits with 1 when the sources have errors or do not exist", async () => {
  await using folder = await TempFolder.make();
  const entry = join(folder.path, "site.ts");
  await Deno.writeTextFile(entry, "export const title = ;\n");
  const build = ["build", "--embedded", "--out", join(folder.path, "out")];
  const { code, stdout, stderr } = await call([...build, entry]);
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /^error: Cannot build .*site\.ts': 1 error \(CONFIG\)\n\n.*site\.ts:1:22: /);

  const missing = await call([...build, join(folder.path, "nowhere.ts")]);
  assertEquals([missing.code, missing.stdout], [1, ""]);
  assertMatch(missing.stderr, /^error: .*nowhere\.ts': there is no such file \(CONFIG\)\n$/);
});

Deno.test("jsockd build exits with 1 when permissions are missing, with 2 when options conflict", async () => {
  await using folder = await TempFolder.make();
  const entry = join(folder.path, "site.ts");
  await Deno.writeTextFile(entry, "export const title = 'News';\n");
  const { code, stderr } = await call(["build", entry, "--embedded"], { permissions: [] });
  assertEquals(code, 1);
  assertMatch(stderr, /^error: Cannot build the module: .* --allow-read flag \(PERMISSION\)\n$/);

  for (const options of [["--version", "1.2.3"], ["--flavor", "filc"], ["--exec", "jsockd"]]) {
    const outcome = await call(["build", entry, "--embedded", ...options], { permissions: [] });
    assertEquals(outcome.code, 2);
    assertMatch(outcome.stderr, new RegExp(`^error: Cannot use .*${options[0]}`));
  }
});
