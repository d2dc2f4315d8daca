import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { namesIn } from "../support/files.ts";
import { type Outcome, runToEnd } from "../support/run_to_end.ts";
import { type Command, ServerProcess } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { generateKeys, moduleParts, signModule } from "../support/signed_module.ts";
import { servers, type TestServer } from "./servers.ts";

const KEY_VARIABLE = "JSOCKD_BYTECODE_MODULE_PUBLIC_KEY";

const SOURCE = `// The line numbers below matter.
let calls = 0;
export const greet = (name) => "hello " + name;
export default class { static answer = 42; }
export function count() { return ++calls; }
export function fail(text) {
  throw new Error(text);
}
export const started = await Promise.resolve("started");
`;

/** Maps line n of a module to line n + 100 of `original.ts`. */
const SOURCE_MAP = JSON.stringify({
  version: 3,
  sources: ["original.ts"],
  names: [],
  mappings: ["AAoGA", ...Array(SOURCE.split("\n").length - 1).fill("AACA")].join(";"),
});

for (const server of servers) {
  Deno.test(`${server.name}: a compiled module`, async (t) => {
    await using folder = await TempFolder.make();
    const { module, publicKey } = await compiled(server, folder.path);
    const env = { [KEY_VARIABLE]: publicKey };

    await t.step("is what a command's function gets first", async () => {
      const args = ["-b", "00", "-m", module];
      await using running = await ServerProcess.start(server.command, { args, env, sockets: 2 });
      const connection = await running.connect();
      assertEquals(await connection.value("(m, p) => m.greet(p)", `"é"`), "hello é");
      assertEquals(await connection.value("(m) => m.default.answer"), 42);
      assertEquals(await connection.value("(m) => m.started"), "started");
      assertEquals(await connection.value("(m) => Object.keys(m).sort()"), [
        "count",
        "default",
        "fail",
        "greet",
        "started",
      ]);
      for (let i = 1; i <= 3; i++) assertEquals(await connection.value("(m) => m.count()"), i);
      const other = await running.connect(1);
      assertEquals(await other.value("(m) => m.count()"), 1);

      const { trace } = await connection.exception("(m) => m.fail('no')");
      assertEquals([trace[0].functionName, trace[0].line], ["fail", "7"]);
      assertEquals("mapped" in trace[0], false);
    });

    await t.step("is M for -e", async () => {
      const args = ["-m", module, "-e", "M.greet('you')"];
      const { code, stdout } = await runToEnd(server.command, args, { env });
      assertEquals([code, stdout.trimEnd()], [0, `"hello you"`]);
    });

    await t.step("has frames that a source map maps", async () => {
      const map = join(folder.path, "module.map");
      await Deno.writeTextFile(map, SOURCE_MAP);
      const args = ["-b", "00", "-m", module, "-sm", map];
      await using running = await ServerProcess.start(server.command, { args, env });
      const connection = await running.connect();
      const { errorMessage, trace, pretty } = await connection.exception("(m) => m.fail('no')");
      assertEquals(errorMessage, "Error: no");
      assertEquals([trace[0].functionName, trace[0].line], ["fail", "7"]);
      assertEquals(trace[0].mapped, { source: "original.ts", line: 107, column: 1 });
      assertMatch(pretty, /original\.ts:107:1/);
      assertEquals(await connection.value("(m) => m.greet('you')"), "hello you");
    });

    await t.step("is served without a source map that cannot be read", async () => {
      const args = ["-b", "00", "-m", module, "-sm", join(folder.path, "none.map")];
      await using running = await ServerProcess.start(server.command, { args, env });
      const connection = await running.connect();
      assertEquals(await connection.value("(m) => m.greet('you')"), "hello you");
      assertEquals((await running.log(/source map/)).level, "ERROR");
    });

    await t.step("can be signed by others: code, version, signature", async () => {
      const parts = moduleParts(await Deno.readFile(module));
      assertEquals(parts.version.replaceAll('"', ""), moduleVersionOf(server));
      const keys = await generateKeys();
      const own = join(folder.path, "own");
      await Deno.writeFile(own, await signModule(parts, keys.privateKey));
      const args = ["-b", "00", "-m", own];
      const env = { [KEY_VARIABLE]: keys.publicKey };
      await using running = await ServerProcess.start(server.command, { args, env });
      const connection = await running.connect();
      assertEquals(await connection.value("(m) => m.greet('you')"), "hello you");
    });
  });

  Deno.test(`${server.name}: a module is refused before READY`, async (t) => {
    await using folder = await TempFolder.make();
    const { module, publicKey } = await compiled(server, folder.path);
    const bytes = await Deno.readFile(module);
    const keys = await generateKeys();

    const refused = async (file: string, key: string | undefined) => {
      const socket = join(folder.path, "s.sock");
      const outcome = await runToEnd(server.command, ["-b", "00", "-m", file, "-s", socket], {
        env: key === undefined ? {} : { [KEY_VARIABLE]: key },
      });
      assertRefused(outcome);
    };
    const written = async (content: Uint8Array) => {
      const path = join(folder.path, "changed");
      await Deno.writeFile(path, content);
      return path;
    };

    await t.step("when another key is given", async () => await refused(module, keys.publicKey));
    await t.step("when no key is given", async () => await refused(module, undefined));
    await t.step("when the key is no key", async () => await refused(module, "abcd"));

    for (
      const [part, index] of [["code", 20], ["version", -64 - 100], ["signature", -1]] as const
    ) {
      await t.step(`when a byte of its ${part} is changed`, async () => {
        const changed = bytes.slice();
        const at = (index + changed.length) % changed.length;
        changed[at] = (changed[at] ?? 0) ^ 1;
        await refused(await written(changed), publicKey);
      });
    }

    await t.step("when it is cut short", async () => {
      await refused(await written(bytes.subarray(0, 10)), publicKey);
      await refused(await written(bytes.subarray(1)), publicKey);
    });

    await t.step("when it is not there", async () => {
      await refused(join(folder.path, "none"), publicKey);
    });

    await t.step("when it is not signed", async () => {
      const unsigned = join(folder.path, "unsigned");
      const source = join(folder.path, "module.mjs");
      assertEquals((await runToEnd(server.command, ["-c", source, unsigned])).code, 0);
      await refused(unsigned, publicKey);
    });

    for (
      const version of [
        "99.0.0",
        server.differences.moduleVersionPrefix === ""
          ? `embedded-${server.version}`
          : server.version,
        "",
      ]
    ) {
      await t.step(`when it is signed and for version ${JSON.stringify(version)}`, async () => {
        const { code } = moduleParts(bytes);
        const foreign = await signModule({ code, version }, keys.privateKey);
        await refused(await written(foreign), keys.publicKey);
      });
    }

    const moduleVersion = moduleVersionOf(server);
    for (const other of servers.filter((other) => moduleVersionOf(other) !== moduleVersion)) {
      await t.step(`when ${other.name} has compiled it`, async () => {
        const path = await Deno.makeTempDir({ dir: folder.path });
        const foreign = await compiled(other, path);
        await refused(foreign.module, foreign.publicKey);
      });
    }
  });

  Deno.test(`${server.name}: -c`, async (t) => {
    await using folder = await TempFolder.make();
    const out = join(folder.path, "out");

    await t.step("refuses what does not compile, and says where", async () => {
      const source = join(folder.path, "bad.mjs");
      await Deno.writeTextFile(source, "export const a = 1;\nexport const b = ;\n");
      const { code, stderr } = await runToEnd(server.command, ["-c", source, out]);
      assertNotEquals(code, 0);
      assertMatch(stderr, /SyntaxError/);
      assertMatch(stderr, /bad\.mjs:2:18/);
      assertEquals(namesIn(folder.path).length, 1);
    });

    await t.step("refuses a source that is not there", async () => {
      const source = join(folder.path, "none.mjs");
      const { code, stderr } = await runToEnd(server.command, ["-c", source, out]);
      assertNotEquals(code, 0);
      assertMatch(stderr, /none\.mjs/);
    });

    for (const flag of ["-ss", "-sd"]) {
      await t.step(`makes a module that works with ${flag}`, async () => {
        const { privateKey, publicKey } = await generateKeys();
        const source = join(folder.path, "module.mjs");
        await Deno.writeTextFile(source, SOURCE);
        await succeed(server.command, ["-c", source, out, flag]);
        await Deno.writeFile(
          out,
          await signModule(moduleParts(await Deno.readFile(out)), privateKey),
        );
        const args = ["-b", "00", "-m", out];
        const env = { [KEY_VARIABLE]: publicKey };
        await using running = await ServerProcess.start(server.command, { args, env });
        const connection = await running.connect();
        assertEquals(await connection.value("(m) => m.greet('you')"), "hello you");
        assertMatch((await connection.exception("(m) => m.fail('no')")).errorMessage, /^Error: no/);
      });

      await t.step(`signs a module with ${flag}, or cannot`, async () => {
        await succeed(server.command, ["-k", join(folder.path, `key${flag}`)]);
        const source = join(folder.path, "module.mjs");
        const signing = [server.differences.signingFlag, join(folder.path, `key${flag}.privkey`)];
        const args = ["-c", source, out, ...signing, flag];
        const { code } = await runToEnd(server.command, args);
        assertEquals(code === 0, server.differences.signsStripped);
      });
    }
  });
}

function moduleVersionOf({ differences, version }: TestServer): string {
  return differences.moduleVersionPrefix + version;
}

/** Makes a pair of keys, and a module signed with it, by the server's own command line. */
async function compiled(
  { command, differences }: TestServer,
  folder: string,
): Promise<{ module: string; publicKey: string }> {
  const source = join(folder, "module.mjs");
  const module = join(folder, "module");
  const prefix = join(folder, "key");
  await Deno.writeTextFile(source, SOURCE);
  await succeed(command, ["-k", prefix]);
  const signing = [differences.signingFlag, `${prefix}.privkey`];
  await succeed(command, ["-c", source, module, ...signing]);
  return { module, publicKey: await Deno.readTextFile(`${prefix}.pubkey`) };
}

async function succeed(command: Command, args: readonly string[]): Promise<void> {
  const { code, stderr } = await runToEnd(command, args);
  assertEquals(code, 0, stderr);
}

function assertRefused({ code, stdout, stderr }: Outcome): void {
  assertNotEquals(code, 0);
  assertEquals(stdout, "");
  assertMatch(stderr, /^[$*] jsockd \S+Z \[ERROR\] ./m);
}
