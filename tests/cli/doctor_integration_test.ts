import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { JSOCKD_VERSION } from "../../mod.ts";
import { releasedName } from "../release/archives.ts";
import { ReleaseServer } from "../release/release_server.ts";
import { namesIn } from "../support/files.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { call } from "./program.ts";

const FIRST_LINES = [
  `ok    deno: version ${Deno.version.deno}`,
  `ok    platform: ${Deno.build.os} on ${Deno.build.arch}`,
];

const NOT_CHECKED = "not checked, because a check above failed";

Deno.test("jsockd doctor exits with 0 when the embedded server runs", async () => {
  const { code, stdout, stderr } = await call(["doctor", "--embedded"]);
  assertEquals([code, stderr], [0, ""]);
  assertEquals(stdout.trimEnd().split("\n"), [
    ...FIRST_LINES,
    "ok    permissions: all granted",
    `ok    server: version ${JSOCKD_VERSION} starts and answers`,
  ]);
});

Deno.test("jsockd doctor prints the flags to add when permissions are missing", async () => {
  const args = ["doctor", "--embedded"];
  // Deno and the server need these to find their caches.
  const allowEnv = "--allow-env=DENO_DIR,HOME,XDG_CACHE_HOME,TMPDIR";
  const { code, stdout } = await call(args, {
    permissions: [allowEnv, "--allow-run=/usr/bin/env"],
  });
  assertEquals(code, 1);
  const [deno, platform, permissions = "", ...rest] = stdout.trimEnd().split("\n");
  assertEquals([deno, platform, ...rest], [...FIRST_LINES, `--    server: ${NOT_CHECKED}`]);
  const flags = /^FAIL {2}permissions: .* add to 'deno run': (.*) \(PERMISSION\)$/.exec(
    permissions,
  )!;
  const given = [allowEnv, "--allow-run=/usr/bin/env", ...flags[1]!.split(" ")];
  assertEquals((await call(args, { permissions: given })).code, 0);
});

Deno.test("jsockd doctor exits with 1 when the server does not start or has another version", async () => {
  const cases: [string[], RegExp][] = [
    [["--embedded", "--version", "1.2.3"], /^FAIL {2}server: .* expected 1\.2\.3; .*MISMATCH\)$/m],
    [["--exec", "/nowhere/jsockd"], /^FAIL {2}server: .* there is no such executable \(SPAWN\)$/m],
    [["--exec", "/usr/bin/true"], /^FAIL {2}server: .* before it was ready; .* \(SPAWN\)$/m],
  ];
  for (const [options, expected] of cases) {
    const { code, stdout } = await call(["doctor", ...options]);
    assertEquals(code, 1);
    assertMatch(stdout, expected);
  }
});

Deno.test("jsockd doctor exits with 1 and runs nothing when the cached executable was changed", async () => {
  await using folder = await TempFolder.make();
  await using releases = await ReleaseServer.start();
  const { baseUrl, publicKey } = releases.options;
  const mirror = ["--base-url", baseUrl, "--release-key", publicKey];
  const args = ["doctor", ...mirror, "--cache-dir", folder.path];
  const cache = join(folder.path, releasedName);
  const expected = (state: string) => [
    FIRST_LINES[0]!,
    `ok    platform: ${releasedName}`,
    "ok    permissions: all granted",
    `ok    cache: '${cache}' ${state}`,
    `ok    server: version ${JSOCKD_VERSION} starts and answers`,
  ];

  const first = await call(args);
  assertEquals(first.stdout.trimEnd().split("\n"), expected("is missing and will be downloaded"));
  await releases[Symbol.asyncDispose]();
  const second = await call(args);
  assertEquals(second.stdout.trimEnd().split("\n"), expected("has a valid signature"));
  assertEquals([first.code, second.code, second.stderr], [0, 0, ""]);

  const executable = join(cache, "jsockd");
  const script = `#!/bin/sh\ntouch ${folder.path}/run\n`;
  await Deno.remove(executable);
  await Deno.writeTextFile(executable, script, { mode: 0o700 });
  const third = await call(args);
  assertEquals(third.code, 1);
  const lines = third.stdout.trimEnd().split("\n");
  assertMatch(lines[3]!, /^FAIL {2}cache: .* run 'jsockd install' .* \(SIGNATURE\)$/);
  assertEquals(lines[4], `--    server: ${NOT_CHECKED}`);
  assertEquals(namesIn(folder.path), [releasedName]);
  assertEquals(await Deno.readTextFile(executable), script);
});
