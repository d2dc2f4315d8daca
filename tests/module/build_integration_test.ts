import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { basename, dirname, join } from "@std/path";
import { JSockDClientError, JSockDJSException } from "../../mod.ts";
import { type BuiltModule, generateKeyPair } from "../../src/module/mod.ts";
import { servers } from "../conformance/servers.ts";
import { namesIn } from "../support/files.ts";
import { shellWords } from "../support/shell.ts";
import { Project, start } from "./project.ts";

const MAIN = `import { join } from "./join.ts";
export const greet = (name: string): string => join("hello", name);
export function fail(): never {
  throw new Error("no");
}
`;

const FILES = {
  "main.ts": MAIN,
  "join.ts": `export const join = (...parts: string[]) => parts.join(" ");`,
};

const [embedded] = servers;
assert(embedded !== undefined);

for (const server of servers) {
  Deno.test(`${server.name}: buildModule() returns the fields of a client's configuration`, async () => {
    await using project = await Project.make(FILES);
    const built = await project.build(server);
    await using client = await start(server, built);
    assertEquals(await client.run("(module, name) => module.greet(name)", "é"), "hello é");
  });

  for (const minify of [false, true]) {
    const how = minify ? "minified" : "not minified";
    Deno.test(`${server.name}: stack traces name the source files when the module is ${how}`, async () => {
      await using project = await Project.make(FILES);
      await using client = await start(server, await project.build(server, { minify }));
      const error = await assertRejects(
        () => client.run("(module) => module.fail()"),
        JSockDJSException,
      );
      const [thrower, command] = error.trace;
      assertEquals([thrower?.mapped?.source, thrower?.mapped?.line], [project.path("main.ts"), 4]);
      assertEquals([command?.source, command?.mapped], ["<buffer>", null]);
      assertMatch(error.stack!, /\/main\.ts:4:\d+\)\n {4}at \S+ \(<buffer>:1:/);
    });
  }

  Deno.test(`${server.name}: buildModule() returns no source map when sourceMap is false`, async () => {
    await using project = await Project.make(FILES);
    const built = await project.build(server, { sourceMap: false });
    assertEquals("sourceMap" in built, false);
    await using client = await start(server, built);
    const error = await assertRejects(
      () => client.run("(module) => module.fail()"),
      JSockDJSException,
    );
    assertEquals(error.trace[0]?.source, built.bytecodeModuleFile.replace(/jsockd$/, "mjs"));
  });

  for (const strip of ["source", "debug"] as const) {
    Deno.test(`${server.name}: buildModule() builds a working module when strip is '${strip}'`, async () => {
      await using project = await Project.make(FILES);
      const whole = await Deno.readFile((await project.build(server)).bytecodeModuleFile);
      const built = await project.build(server, { strip });
      const stripped = await Deno.readFile(built.bytecodeModuleFile);
      // A module of an embedded server is its source text, so it cannot leave anything out.
      if (server.differences.moduleVersionPrefix === "") assert(stripped.length < whole.length);
      await using client = await start(server, built);
      assertEquals(await client.run("(module, name) => module.greet(name)", "you"), "hello you");
    });
  }

  Deno.test(`${server.name}: buildModule() returns the earlier build when nothing has changed`, async () => {
    await using project = await Project.make(FILES);
    const first = await project.build(server);
    const { mtime } = await Deno.stat(first.bytecodeModuleFile);
    assertEquals(await project.build(server), first);
    assertEquals((await Deno.stat(first.bytecodeModuleFile)).mtime, mtime);
  });

  Deno.test(`${server.name}: initJSockDClient() rejects when the module is signed with another key`, async () => {
    await using project = await Project.make(FILES);
    const built = await project.build(server);
    const { publicKey } = await generateKeyPair();
    const error = await assertRejects(
      () => start(server, { ...built, bytecodeModulePublicKey: publicKey }),
      JSockDClientError,
    );
    assertEquals(error.code, "SPAWN");
  });
}

/** Returns a server command that adds a line to a file each time it is started. */
function counted(file: string): readonly [string, ...string[]] {
  return ["/bin/sh", "-c", `echo >> '${file}'; exec "$@"`, "counted", ...embedded!.command];
}

Deno.test("buildModule() does not start the server when nothing has changed", async () => {
  await using project = await Project.make(FILES);
  const jsockdExec = counted(project.path("starts"));
  const starts = async () => (await Deno.readTextFile(project.path("starts"))).length;
  await project.build(embedded, { jsockdExec });
  assertEquals(await starts(), 1);
  await project.build(embedded, { jsockdExec });
  assertEquals(await starts(), 1);
  await project.write("join.ts", "export const join = () => 'other';");
  await project.build(embedded, { jsockdExec });
  assertEquals(await starts(), 2);
});

Deno.test("buildModule() builds again when any input has changed", async (t) => {
  await using project = await Project.make(FILES);
  const { privateKeyFile } = await generateKeyPair(project.path("other"));
  const before = new Set([(await project.build(embedded)).bytecodeModuleFile]);
  const assertRebuilt = async (options: Parameters<Project["build"]>[1] = {}) => {
    const built = await project.build(embedded, options);
    assert(!before.has(built.bytecodeModuleFile));
    assertEquals(await project.build(embedded, options), built);
    before.add(built.bytecodeModuleFile);
  };

  await t.step("a file that is imported", async () => {
    await project.write("join.ts", "export const join = () => 'other';");
    await assertRebuilt();
  });
  await t.step("the configuration", async () => {
    await project.write("other.ts", "export const join = () => 'mapped';");
    await project.write("deno.json", `{ "imports": { "./join.ts": "./other.ts" } }`);
    await assertRebuilt();
  });
  await t.step("an option", async () => await assertRebuilt({ minify: true }));
  await t.step("the key", async () => await assertRebuilt({ privateKeyFile }));
  await t.step("the server's command", async () => {
    await assertRebuilt({ jsockdExec: counted(project.path("starts")) });
  });
  await t.step("the server itself", async () => {
    const jsockdExec = project.path("server");
    for (const version of ["old", "newer"]) {
      const script = `#!/bin/sh\n# ${version}\nexec ${shellWords(embedded.command)} "$@"\n`;
      await Deno.writeTextFile(jsockdExec, script, { mode: 0o700 });
      await assertRebuilt({ jsockdExec });
    }
  });
});

Deno.test("buildModule() builds again when a file of the build is damaged", async (t) => {
  await using project = await Project.make(FILES);
  const built = await project.build(embedded);
  const folder = dirname(built.bytecodeModuleFile);
  const intact = await readFolder(folder);

  for (const name of intact.keys()) {
    await t.step(`a changed byte in ${name}`, async () => {
      const bytes = Uint8Array.fromBase64(intact.get(name)!);
      bytes[10]! ^= 1;
      await Deno.writeFile(join(folder, name), bytes);
      assertEquals(await project.build(embedded), built);
      assertEquals(await readFolder(folder), intact);
    });
    await t.step(`a missing ${name}`, async () => {
      await Deno.remove(join(folder, name));
      assertEquals(await project.build(embedded), built);
      assertEquals(await readFolder(folder), intact);
    });
  }
});

Deno.test("buildModule() makes one build when it is called twice at once", async () => {
  await using project = await Project.make(FILES);
  const [one, other] = await Promise.all([project.build(embedded), project.build(embedded)]);
  assertEquals(one, other);
  await using client = await start(embedded, one);
  assertEquals(await client.run("(module, name) => module.greet(name)", "you"), "hello you");
  assertEquals(namesIn(project.outDir), [
    basename(dirname(one.bytecodeModuleFile)),
    "manifest.json",
    "module.privkey",
    "module.pubkey",
  ]);
});

Deno.test("buildModule() keeps only the three builds that were used last", async () => {
  await using project = await Project.make(FILES);
  const builds: BuiltModule[] = [];
  for (const text of ["a", "b", "c", "a", "d"]) {
    await project.write("join.ts", `export const join = () => "${text}";`);
    builds.push(await project.build(embedded));
  }
  const [a, , c, again, d] = builds.map((built) => dirname(built.bytecodeModuleFile));
  assertEquals(again, a);
  const kept = namesIn(project.outDir)
    .filter((name) => name.startsWith("main-"));
  assertEquals(kept.sort(), [a, c, d].map((folder) => basename(folder!)).sort());
});

Deno.test("buildModule() signs with the given key when privateKeyFile is set", async () => {
  await using project = await Project.make(FILES);
  const { publicKey, privateKeyFile } = await generateKeyPair(project.path("own"));
  const built = await project.build(embedded, { privateKeyFile });
  assertEquals(built.bytecodeModulePublicKey, publicKey);
  await using client = await start(embedded, built);
  assertEquals(await client.run("(module, name) => module.greet(name)", "you"), "hello you");
});

Deno.test("buildModule() generates a key pair once when privateKeyFile is not set", async () => {
  await using project = await Project.make(FILES);
  const { bytecodeModulePublicKey } = await project.build(embedded);
  await project.write("main.ts", "export default 1;");
  assertEquals((await project.build(embedded)).bytecodeModulePublicKey, bytecodeModulePublicKey);
  const key = await Deno.stat(join(project.outDir, "module.privkey"));
  assertEquals(key.mode! & 0o777, 0o600);
});

async function readFolder(folder: string): Promise<Map<string, string>> {
  const names = namesIn(folder);
  const read = async (name: string) =>
    [name, (await Deno.readFile(join(folder, name))).toBase64()] as const;
  return new Map(await Promise.all(names.map(read)));
}
