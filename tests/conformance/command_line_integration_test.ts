import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { Connection } from "../support/connection.ts";
import { namesIn } from "../support/files.ts";
import { runToEnd } from "../support/run_to_end.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { within } from "../support/within.ts";
import { servers } from "./servers.ts";

/** Largest length of a socket path, in bytes. */
const PATH_LIMIT = Deno.build.os === "darwin" ? 103 : 107;

const WRONG_ARGUMENTS: readonly (readonly string[])[] = [
  [],
  ["-x"],
  ["stray"],
  ["-s"],
  ["-s", "a", "-b"],
  ["-s", "a", "-m"],
  ["-b", "0", "-s", "a"],
  ["-b", "zz", "-s", "a"],
  ["-t", "0", "-s", "a"],
  ["-t", "soon", "-s", "a"],
  ["-t", "1", "-t", "2", "-s", "a"],
  ["-i", "-1", "-s", "a"],
  ["-sm", "a.map", "-s", "a"],
  ["-v", "-s", "a"],
  ["-ss", "-s", "a"],
  ["-c", "a.mjs"],
  ["-e"],
];

for (const server of servers) {
  Deno.test(`${server.name}: -v prints the version without a newline`, async () => {
    const { code, stdout } = await runToEnd(server.command, ["-v"]);
    assertEquals(code, 0);
    assertMatch(stdout, /^jsockd "?(embedded-)?\d+\.\d+\.\d+\S*$/);
  });

  Deno.test(`${server.name}: exits with an error when the arguments are wrong`, async (t) => {
    await using folder = await TempFolder.make();
    for (const args of WRONG_ARGUMENTS) {
      await t.step(`such as ${JSON.stringify(args)}`, async () => {
        const { code, stdout, stderr } = await runToEnd(server.command, args, {
          cwd: folder.path,
        });
        assertNotEquals(code, 0);
        assertEquals(stdout, "");
        assertNotEquals(stderr.trim(), "");
        assertEquals(namesIn(folder.path), []);
      });
    }
  });

  Deno.test(`${server.name}: exits with a logged error when a socket path is too long`, async () => {
    await using folder = await TempFolder.make();
    const path = join(folder.path, "x".repeat(120));
    const { code, stderr } = await runToEnd(server.command, ["-b", "00", "-s", path]);
    assertNotEquals(code, 0);
    const message = new RegExp(`^\\$ jsockd \\S+Z \\[ERROR\\] .*\\b${PATH_LIMIT}\\b`, "m");
    assertMatch(stderr, message);
    assertEquals(namesIn(folder.path), []);
  });

  Deno.test(`${server.name}: starts when a socket path is as long as the platform allows`, async () => {
    await using folder = await TempFolder.make();
    const path = join(folder.path, "x".repeat(PATH_LIMIT - folder.path.length - 1));
    assertEquals(path.length, PATH_LIMIT);
    await using process = await startWith(server.command, ["-b", "00", "-s", path], folder.path);
    using connection = await Connection.open(path);
    assertEquals(await connection.control("?quit"), "quit");
    assertEquals((await within(process.status, "its exit")).code, 0);
  });

  Deno.test(`${server.name}: -s accepts a path that begins with a hyphen when it follows --`, async () => {
    await using folder = await TempFolder.make();
    const args = ["-b", "00", "-s", "--", "-x.sock"];
    await using process = await startWith(server.command, args, folder.path);
    using connection = await Connection.open(join(folder.path, "-x.sock"));
    assertEquals(await connection.value("() => 1"), 1);
    assertEquals(await connection.control("?quit"), "quit");
    assertEquals((await within(process.status, "its exit")).code, 0);
  });

  Deno.test(`${server.name}: accepts options when they follow the sockets`, async () => {
    await using folder = await TempFolder.make();
    const args = ["-s", "a.sock", "b.sock", "-b", "00", "-t", "1000000"];
    await using process = await startWith(server.command, args, folder.path);
    using connection = await Connection.open(join(folder.path, "b.sock"));
    assertEquals(await connection.value("() => 1"), 1);
    assertEquals(await connection.control("?quit"), "quit");
    assertEquals((await within(process.status, "its exit")).code, 0);
  });

  for (
    const [args, separator] of [[[], "\n"], [["-b", "1E"], "\x1E"], [["-b", "fF"], "\xFF"]] as const
  ) {
    Deno.test(`${server.name}: separates fields by ${JSON.stringify(separator)} when -b is given as ${JSON.stringify(args)}`, async () => {
      await using running = await ServerProcess.start(server.command, { args });
      using connection = await running.connect();
      const command = `c${separator}(_, n) => n + 1${separator}1${separator}`;
      await connection.send(Uint8Array.from(command, (c) => c.charCodeAt(0)));
      assertEquals(await connection.next(), { type: "ok", id: "c", data: "2" });
    });
  }

  Deno.test(`${server.name}: -k writes a key pair in hexadecimal, and fails when the files exist`, async () => {
    await using folder = await TempFolder.make();
    const prefix = join(folder.path, "key");
    assertEquals((await runToEnd(server.command, ["-k", prefix])).code, 0);
    const publicKey = await Deno.readTextFile(`${prefix}.pubkey`);
    const privateKey = await Deno.readTextFile(`${prefix}.privkey`);
    assertMatch(publicKey, /^[0-9A-Fa-f]{64}$/);
    assertMatch(privateKey, /^[0-9A-Fa-f]{128}$/);

    assertNotEquals((await runToEnd(server.command, ["-k", prefix])).code, 0);
    assertEquals(await Deno.readTextFile(`${prefix}.privkey`), privateKey);
  });

  Deno.test(`${server.name}: -e prints the value of an expression`, async (t) => {
    for (
      const [expression, printed] of [
        ["1 + 1", "2"],
        [`"a\\"b"`, `"a\\"b"`],
        ["({ a: 1 })", "{ a: 1 }"],
        ["undefined", "undefined"],
      ] as const
    ) {
      await t.step(`for ${expression}`, async () => {
        const { code, stdout } = await runToEnd(server.command, ["-e", expression]);
        assertEquals([code, stdout.trimEnd()], [0, printed]);
      });
    }
  });

  Deno.test(`${server.name}: -e reads the expression from stdin when it is -`, async () => {
    const { code, stdout } = await runToEnd(server.command, ["-e", "-"], {
      stdin: "[1, 2].length",
    });
    assertEquals([code, stdout.trimEnd()], [0, "2"]);
  });

  Deno.test(`${server.name}: -e prints on stderr and fails when the expression throws`, async () => {
    const { code, stdout, stderr } = await runToEnd(server.command, [
      "-e",
      `throw new Error("no")`,
    ]);
    assertNotEquals(code, 0);
    assertEquals(stdout, "");
    assertStringIncludes(stderr, "Error: no");
  });
}

async function startWith(
  [executable, ...leading]: readonly [string, ...string[]],
  args: readonly string[],
  cwd: string,
): Promise<Deno.ChildProcess> {
  await using cleanUp = new AsyncDisposableStack();
  const process = cleanUp.use(
    new Deno.Command(executable, {
      args: [...leading, ...args],
      clearEnv: true,
      cwd,
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn(),
  );
  const stdout = process.stdout.getReader();
  const { value } = await within(stdout.read(), "READY");
  await stdout.cancel();
  assert(new TextDecoder().decode(value).startsWith("READY "));
  cleanUp.move();
  return process;
}
