import { assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { permissionFlags } from "../../mod.ts";
import { Fixture } from "../release/fixture.ts";
import { startInProcess } from "../release/processes.ts";
import { DENO_DIR } from "../support/deno_dir.ts";
import { namesIn } from "../support/files.ts";
import { runToEnd } from "../support/run_to_end.ts";
import { TempFolder } from "../support/temp_folder.ts";

const program = fromFileUrl(new URL("./least_privilege.ts", import.meta.url));

async function runProgram(given: string[], ...programArgs: string[]) {
  const args = ["run", "--no-prompt", ...given, program, ...programArgs];
  const { stdout, stderr } = await runToEnd([Deno.execPath()], args, {
    // Deno needs this to find its cache. The program itself may not read it.
    env: { DENO_DIR },
  });
  const [flags, outcome] = stdout.split("\n");
  return { flags: flags!.split(" "), outcome: outcome ?? stderr };
}

Deno.test("reload() rejects with PERMISSION when the sockets of the new server are not allowed", async () => {
  await using folder = await TempFolder.make();
  const { flags } = await runProgram([], folder.path);
  const { outcome } = await runProgram(flags, folder.path, "reload");
  const sockets = [0, 1].map((i) => `unix:${join(folder.path, `jsd_${i}b.sock`)}`).join(",");
  assertStringIncludes(outcome, `PERMISSION Cannot reload the server`);
  assertStringIncludes(outcome, `add to 'deno run': --allow-net=${sockets}`);
  const more = flags.map((flag) => flag.startsWith("--allow-net=") ? `${flag},${sockets}` : flag);
  assertEquals((await runProgram(more, folder.path, "reload")).outcome, "42");
});

Deno.test("permissionFlags() returns exactly the flags that a client needs", async () => {
  await using folder = await TempFolder.make();
  const socketDir = join(folder.path, "sockets");
  const run = (given: string[]) => runProgram(given, socketDir);

  const { flags, outcome } = await run([]);
  assertStringIncludes(outcome, `PERMISSION Cannot start`);
  assertStringIncludes(outcome, `add to 'deno run': ${flags.join(" ")}`);
  assertEquals(await run(flags), { flags, outcome: "42" });
  for (const missing of flags) {
    const { outcome } = await run(flags.filter((flag) => flag !== missing));
    assertStringIncludes(outcome, `PERMISSION Cannot start`);
    assertStringIncludes(outcome, `add to 'deno run': ${missing}`);
  }
});

/** Returns, for each value of each flag, the value and the flags without it. */
function withoutEach(flags: readonly string[]): { value: string; rest: string[] }[] {
  return flags.flatMap((flag) => {
    const [name, list] = flag.split("=") as [string, string];
    const values = list.split(",");
    return values.map((value) => {
      const others = values.filter((other) => other !== value);
      const changed = others.length === 0 ? [] : [`${name}=${others.join(",")}`];
      const rest = flags.flatMap((other) => other === flag ? changed : other);
      return { value: `${name}=${value}`, rest };
    });
  });
}

Deno.test("permissionFlags() returns exactly the values that a client needs when it downloads", async () => {
  await using fixture = await Fixture.start();
  const home = dirname(fixture.cacheDir);
  const config = { nThreads: 2, socketDir: join(home, "sockets"), maxMemoryBytes: 1 << 30 };
  const download = fixture.options;
  const flags = permissionFlags(config, download);

  for (const { value, rest } of withoutEach(flags)) {
    assertEquals(
      await startInProcess({ config, download, flags: rest }),
      `PERMISSION Cannot start the server without more permissions; add to 'deno run': ${value}`,
    );
  }
  assertEquals(
    await startInProcess({ config, download, flags: [] }),
    "PERMISSION Cannot start the server without more permissions; add to 'deno run': " +
      flags.join(" "),
  );
  assertEquals(namesIn(home), []);
  assertEquals(fixture.server.requested, []);

  assertEquals(await startInProcess({ config, download, flags }), "42");

  await Deno.remove(fixture.cached("jsockd"));
  assertEquals(await startInProcess({ config, download, flags }), "42");

  // Without ps, the client cannot hold the default memory limit, but works.
  const withoutPs = flags.map((flag) => flag.replace(/,\/bin\/ps$/, ""));
  const withDefault = { ...config, maxMemoryBytes: 0 };
  assertEquals(await startInProcess({ config: withDefault, download, flags: withoutPs }), "42");
});

Deno.test("initJSockDClientViaAutoDownload() needs neither net nor write access when the release is cached", async () => {
  await using fixture = await Fixture.start();
  const executable = await fixture.install();
  await fixture.server[Symbol.asyncDispose]();
  const config = { nThreads: 1, socketDir: join(dirname(fixture.cacheDir), "sockets") };
  const flags = permissionFlags(config, executable).map((flag) =>
    flag.startsWith("--allow-read=") ? `${flag},${fixture.cacheDir}` : flag
  );
  assertEquals(await startInProcess({ config, download: fixture.options, flags }), "42");
});

Deno.test("initJSockDClientViaAutoDownload() needs to read HOME when no cacheDir is given", async () => {
  await using fixture = await Fixture.start();
  const home = dirname(fixture.cacheDir);
  const cacheDir = join(home, Deno.build.os === "darwin" ? "Library/Caches" : ".cache", "jsockd");
  const config = { nThreads: 1, socketDir: join(home, "sockets") };
  const download = fixture.server.options;
  const flags = permissionFlags(config, { ...download, cacheDir });
  const env = { HOME: home };

  const outcome = await startInProcess({ config, download, flags, env });
  assertStringIncludes(outcome, "PERMISSION Cannot start the server without more permissions");
  assertStringIncludes(outcome, "add to 'deno run': --allow-env=HOME, and");
  assertStringIncludes(outcome, "cacheDir");
  const fewer = await startInProcess({ config, download, flags: [], env });
  assertStringIncludes(fewer, "add to 'deno run': --allow-env=HOME --allow-read=");
  assertEquals(namesIn(home), []);

  const enough = [...flags, "--allow-env=HOME"];
  assertEquals(await startInProcess({ config, download, flags: enough, env }), "42");
});

Deno.test("initJSockDClientViaAutoDownload() names the host in PERMISSION when a mirror redirects", async () => {
  await using fixture = await Fixture.start();
  await using other = await Fixture.start();
  const location = `${other.options.baseUrl}/file`;
  fixture.server.answer("ed25519_signatures.txt", () => Response.redirect(location));
  const config = { nThreads: 1, socketDir: join(dirname(fixture.cacheDir), "sockets") };
  const download = fixture.options;
  const flags = permissionFlags(config, download);
  const { host } = new URL(location);
  assertEquals(
    await startInProcess({ config, download, flags }),
    `PERMISSION Cannot download from '${host}' without more permissions; add to 'deno run': ` +
      `--allow-net=${host}`,
  );
  fixture.assertEmpty();
});

Deno.test("initJSockDClientViaAutoDownload() rejects with PERMISSION when a part of the cache is denied", async () => {
  await using fixture = await Fixture.start();
  const flags = ["-A", `--deny-write=${fixture.cached(".")}`];
  const outcome = await startInProcess({ download: fixture.options, flags });
  assertStringIncludes(outcome, `PERMISSION Cannot keep JSockD in '${fixture.cacheDir}'`);
  fixture.assertEmpty();
});
