import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { namesIn } from "../support/files.ts";
import { type Outcome, runToEnd } from "../support/run_to_end.ts";
import { type Command, ServerProcess } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { generateKeys, moduleParts, signModule } from "../support/signed_module.ts";
import { servers, type TestServer } from "./servers.ts";

const KEY_VARIABLE = "JSOCKD_BYTECODE_MODULE_PUBLIC_KEY";

const SOURCE = `// Tests check the line numbers below.
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
  Deno.test(`${server.name}: a compiled module can be loaded`, async (t) => {
    await using folder = await TempFolder.make();
    const { module, publicKey } = await compile(server, folder.path);
    const env = { [KEY_VARIABLE]: publicKey };

    await t.step("and is the first argument of functions", async () => {
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

    await t.step("and is the variable M in -e", async () => {
      const args = ["-m", module, "-e", "M.greet('you')"];
      const { code, stdout } = await runToEnd(server.command, args, { env });
      assertEquals([code, stdout.trimEnd()], [0, `"hello you"`]);
    });

    await t.step("with a source map, which maps stack traces", async () => {
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

    await t.step("with an error in the log if the source map cannot be read", async () => {
      const args = ["-b", "00", "-m", module, "-sm", join(folder.path, "none.map")];
      await using running = await ServerProcess.start(server.command, { args, env });
      const connection = await running.connect();
      assertEquals(await connection.value("(m) => m.greet('you')"), "hello you");
      assertEquals((await running.log(/source map/)).level, "ERROR");
    });

    await t.step("if another program has signed its code and version", async () => {
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

  Deno.test(`${server.name}: exits before READY when a module is not valid`, async (t) => {
    await using folder = await TempFolder.make();
    const { module, publicKey } = await compile(server, folder.path);
    const bytes = await Deno.readFile(module);
    const keys = await generateKeys();

    const assertModuleRefused = async (file: string, key: string | undefined) => {
      const socket = join(folder.path, "s.sock");
      const outcome = await runToEnd(server.command, ["-b", "00", "-m", file, "-s", socket], {
        env: key === undefined ? {} : { [KEY_VARIABLE]: key },
      });
      assertRefused(outcome);
    };
    const writeModule = async (content: Uint8Array) => {
      const path = join(folder.path, "changed");
      await Deno.writeFile(path, content);
      return path;
    };

    await t.step(
      "because another key is given",
      async () => await assertModuleRefused(module, keys.publicKey),
    );
    await t.step(
      "because no key is given",
      async () => await assertModuleRefused(module, undefined),
    );
    await t.step(
      "because the key is not valid",
      async () => await assertModuleRefused(module, "abcd"),
    );

    for (
      const [part, index] of [["code", 20], ["version", -64 - 100], ["signature", -1]] as const
    ) {
      await t.step(`because a byte of its ${part} is changed`, async () => {
        const changed = bytes.slice();
        const at = (index + changed.length) % changed.length;
        changed[at] = (changed[at] ?? 0) ^ 1;
        await assertModuleRefused(await writeModule(changed), publicKey);
      });
    }

    await t.step("because it is truncated", async () => {
      await assertModuleRefused(await writeModule(bytes.subarray(0, 10)), publicKey);
      await assertModuleRefused(await writeModule(bytes.subarray(1)), publicKey);
    });

    await t.step("because it does not exist", async () => {
      await assertModuleRefused(join(folder.path, "none"), publicKey);
    });

    await t.step("because it is not signed", async () => {
      const unsigned = join(folder.path, "unsigned");
      const source = join(folder.path, "module.mjs");
      assertEquals((await runToEnd(server.command, ["-c", source, unsigned])).code, 0);
      await assertModuleRefused(unsigned, publicKey);
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
      await t.step(`because it is for version ${JSON.stringify(version)}`, async () => {
        const { code } = moduleParts(bytes);
        const foreign = await signModule({ code, version }, keys.privateKey);
        await assertModuleRefused(await writeModule(foreign), keys.publicKey);
      });
    }

    const moduleVersion = moduleVersionOf(server);
    for (const other of servers.filter((other) => moduleVersionOf(other) !== moduleVersion)) {
      await t.step(`because ${other.name} has compiled it`, async () => {
        const path = await Deno.makeTempDir({ dir: folder.path });
        const foreign = await compile(other, path);
        await assertModuleRefused(foreign.module, foreign.publicKey);
      });
    }
  });

  Deno.test(`${server.name}: -c compiles a module`, async (t) => {
    await using folder = await TempFolder.make();
    const out = join(folder.path, "out");

    await t.step("or prints the line and column of a syntax error", async () => {
      const source = join(folder.path, "bad.mjs");
      await Deno.writeTextFile(source, "export const a = 1;\nexport const b = ;\n");
      const { code, stderr } = await runToEnd(server.command, ["-c", source, out]);
      assertNotEquals(code, 0);
      assertMatch(stderr, /SyntaxError/);
      assertMatch(stderr, /bad\.mjs:2:18/);
      assertEquals(namesIn(folder.path).length, 1);
    });

    await t.step("or names the source file if it does not exist", async () => {
      const source = join(folder.path, "none.mjs");
      const { code, stderr } = await runToEnd(server.command, ["-c", source, out]);
      assertNotEquals(code, 0);
      assertMatch(stderr, /none\.mjs/);
    });

    for (const flag of ["-ss", "-sd"]) {
      await t.step(`that works with ${flag}`, async () => {
        const { privateKey, publicKey } = await generateKeys();
        const source = join(folder.path, "module.mjs");
        await Deno.writeTextFile(source, SOURCE);
        await runSuccessfully(server.command, ["-c", source, out, flag]);
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

      await t.step(`and signs it with ${flag} if the server can`, async () => {
        await runSuccessfully(server.command, ["-k", join(folder.path, `key${flag}`)]);
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

/** Compiles and signs a module with the server's own command line. */
async function compile(
  { command, differences }: TestServer,
  folder: string,
): Promise<{ module: string; publicKey: string }> {
  const source = join(folder, "module.mjs");
  const module = join(folder, "module");
  const prefix = join(folder, "key");
  await Deno.writeTextFile(source, SOURCE);
  await runSuccessfully(command, ["-k", prefix]);
  const signing = [differences.signingFlag, `${prefix}.privkey`];
  await runSuccessfully(command, ["-c", source, module, ...signing]);
  return { module, publicKey: await Deno.readTextFile(`${prefix}.pubkey`) };
}

async function runSuccessfully(command: Command, args: readonly string[]): Promise<void> {
  const { code, stderr } = await runToEnd(command, args);
  assertEquals(code, 0, stderr);
}

function assertRefused({ code, stdout, stderr }: Outcome): void {
  assertNotEquals(code, 0);
  assertEquals(stdout, "");
  assertMatch(stderr, /^[$*] jsockd \S+Z \[ERROR\] ./m);
}
