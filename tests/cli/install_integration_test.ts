import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { ReleaseServer } from "../release/release_server.ts";
import { releasedName } from "../release/archives.ts";
import { namesIn } from "../support/files.ts";
import { runToEnd } from "../support/run_to_end.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { call, callOnTerminal, interrupt } from "./program.ts";

function installArguments({ options }: ReleaseServer, cacheDir: string): string[] {
  const { baseUrl, publicKey } = options;
  return ["install", "--base-url", baseUrl, "--release-key", publicKey, "--cache-dir", cacheDir];
}

Deno.test("jsockd install prints the path on stdout and the progress on stderr", async () => {
  await using folder = await TempFolder.make();
  await using releases = await ReleaseServer.start();
  const args = installArguments(releases, folder.path);
  const path = join(folder.path, releasedName, "jsockd");

  const first = await call(args);
  assertEquals([first.code, first.stdout], [0, `${path}\n`]);
  const lines = first.stderr.trimEnd().split("\n");
  for (const line of lines) assertMatch(line, /^Downloading [\w.-]+: \d+ %$/);
  assertEquals(lines.at(-1), `Downloading ${releasedName}.tar.gz: 100 %`);
  assertEquals((await runToEnd([path], ["-v"])).code, 0);

  await releases[Symbol.asyncDispose]();
  assertEquals(await call(args), { code: 0, stdout: `${path}\n`, stderr: "" });
});

Deno.test("jsockd install draws a bar when stderr is a terminal and NO_COLOR is not set", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  await using releases = await ReleaseServer.start();
  const onTerminal = async (env: Record<string, string>) => {
    await using folder = await TempFolder.make();
    return await callOnTerminal(installArguments(releases, folder.path), env);
  };
  const drawn = await onTerminal({});
  assertEquals(drawn.code, 0);
  const shown = drawn.stdout.split("\r\x1b[K");
  assertMatch(shown.at(-2)!, /^\[#+\] [\d.]+ of [\d.]+ MB {2}jsockd-/);
  assertMatch(shown.at(-1)!, /^\/\S+\r\n$/);
  const plain = await onTerminal({ NO_COLOR: "1" });
  assertMatch(plain.stdout, /^Downloading .*: 100 %\r\n\/\S+\r\n$/m);
  assertEquals(plain.stdout.includes("\x1b"), false);
});

Deno.test("jsockd install exits with 1 and keeps nothing when the release is wrong", async () => {
  await using folder = await TempFolder.make();
  await using releases = await ReleaseServer.start();
  const args = installArguments(releases, folder.path);
  const cases: [string[], RegExp][] = [
    [["--release-key", "0".repeat(64)], /^error: .* \(SIGNATURE\)$/m],
    [["--version", "9.9.9"], /^error: Cannot download '.*: .* answered 404 .*\(DOWNLOAD\)$/m],
    [["--flavor", "vanilla"], /^error: Cannot use "vanilla" as --flavor: .* \(CONFIG\)$/m],
    [["--base-url", "ftp://a"], /^error: Cannot use "ftp:\/\/a" as --base-url: .* \(CONFIG\)$/m],
  ];
  for (const [options, expected] of cases) {
    const { code, stdout, stderr } = await call([...args, ...options]);
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, expected);
    assertEquals(namesIn(folder.path), []);
  }
});

Deno.test("jsockd install prints exactly the flags it needs when permissions are missing", async () => {
  await using folder = await TempFolder.make();
  await using releases = await ReleaseServer.start();
  const args = installArguments(releases, folder.path);
  const { code, stderr } = await call(args, { permissions: [] });
  assertEquals(code, 1);
  const flags = /add to 'deno run': (.*) \(PERMISSION\)\n$/.exec(stderr)![1]!.split(" ");
  assertEquals(flags, [
    `--allow-read=${folder.path}`,
    `--allow-write=${folder.path}`,
    `--allow-net=${new URL(releases.baseUrl).host}`,
  ]);
  assertEquals((await call(args, { permissions: flags })).code, 0);
});

for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test(`jsockd install exits with ${status} and leaves no file behind when ${signal} interrupts it`, async () => {
    await using folder = await TempFolder.make();
    await using releases = await ReleaseServer.start();
    releases.answer(`${releasedName}.tar.gz`, () =>
      new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(new Uint8Array(1000)),
        }),
      ));
    const outcome = await interrupt(installArguments(releases, folder.path), {
      after: `Downloading ${releasedName}`,
      signal,
      group: false,
    });
    assertEquals(outcome, { code: status, stdout: "", messagesAfter: [], left: [] });
    assertEquals(namesIn(folder.path), []);
  });
}
