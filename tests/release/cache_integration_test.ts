import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { initJSockDClientViaAutoDownload } from "../../mod.ts";
import { JSockDClientError } from "../../src/common/errors.ts";
import { exists, namesIn } from "../support/files.ts";
import { generateKeys } from "../support/signed_module.ts";
import { until } from "../support/until.ts";
import { embeddedExecutable, releasedName } from "./archives.ts";
import { Fixture } from "./fixture.ts";
import { startInProcess } from "./processes.ts";

const ARCHIVE = `${releasedName}.tar.gz`;
const SIGNATURES = "ed25519_signatures.txt";
const FILES = [ARCHIVE, SIGNATURES, "jsockd"];

/** Replaces a file, even a read-only one. */
async function replaceFile(path: string, content: Uint8Array, mode = 0o500): Promise<void> {
  await Deno.remove(path, { recursive: true });
  await Deno.writeFile(path, content, { mode });
}

async function changeByte(path: string, where: (length: number) => number): Promise<void> {
  const bytes = await Deno.readFile(path);
  bytes[where(bytes.length)]! ^= 1;
  await replaceFile(path, bytes);
}

interface Damage {
  /** The damage, as it follows "when" in a test name. */
  readonly what: string;
  inflict(fixture: Fixture): Promise<void>;
}

/** Returns the damages to a file of the release. */
function damagesTo(file: string): Damage[] {
  return [
    {
      what: `the first byte of ${file} is changed`,
      inflict: (fixture) => changeByte(fixture.cached(file), () => 0),
    },
    {
      what: `a byte in the middle of ${file} is changed`,
      inflict: (fixture) => changeByte(fixture.cached(file), (length) => length >> 1),
    },
    {
      what: `the last byte but one of ${file} is changed`,
      inflict: (fixture) => changeByte(fixture.cached(file), (length) => length - 2),
    },
    {
      what: `${file} is half-written`,
      async inflict(fixture) {
        const bytes = await Deno.readFile(fixture.cached(file));
        await replaceFile(fixture.cached(file), bytes.subarray(0, bytes.length >> 1));
      },
    },
    {
      what: `${file} is missing`,
      inflict: (fixture) => Deno.remove(fixture.cached(file)),
    },
    {
      what: `${file} is a folder`,
      async inflict(fixture) {
        await Deno.remove(fixture.cached(file));
        await Deno.mkdir(fixture.cached(file));
      },
    },
    {
      what: `${file} is a link to a copy of it`,
      async inflict(fixture) {
        const copy = join(dirname(fixture.cacheDir), "copy");
        await Deno.rename(fixture.cached(file), copy);
        await Deno.symlink(copy, fixture.cached(file));
      },
    },
  ];
}

const EXECUTABLE_DAMAGES: readonly Damage[] = [
  ...damagesTo("jsockd"),
  {
    what: "the executable has an extra byte",
    inflict: (fixture) =>
      replaceFile(fixture.cached("jsockd"), new Uint8Array([...embeddedExecutable(), 10])),
  },
  {
    what: "the executable may not be executed",
    inflict: (fixture) => Deno.chmod(fixture.cached("jsockd"), 0o400),
  },
];

const ARCHIVE_DAMAGES: readonly Damage[] = [
  ...damagesTo(ARCHIVE),
  ...damagesTo(SIGNATURES),
  {
    what: "the archive is enormous",
    inflict: (fixture) => Deno.truncate(fixture.cached(ARCHIVE), 1024 ** 3),
  },
  {
    what: "its folder is a file",
    async inflict(fixture) {
      await Deno.remove(fixture.cached("."), { recursive: true });
      await Deno.writeTextFile(fixture.cached("."), "");
    },
  },
];

/** Asserts that installing replaces a damaged release. Resolves to the names of requested files. */
async function requestsToReplace({ inflict }: Damage): Promise<string[]> {
  await using fixture = await Fixture.start();
  await fixture.install();
  await inflict(fixture);
  fixture.server.requested.length = 0;
  assertEquals(await Deno.readFile(await fixture.install()), embeddedExecutable());
  assertEquals(namesIn(fixture.cacheDir), [releasedName]);
  assertEquals(namesIn(fixture.cached(".")), FILES.toSorted());
  const requested = fixture.server.requested.slice();
  await fixture.install();
  assertEquals(fixture.server.requested, requested);
  return requested;
}

for (const damage of EXECUTABLE_DAMAGES) {
  Deno.test(`installJSockD() unpacks the cached archive again when ${damage.what}`, async () => {
    assertEquals(await requestsToReplace(damage), []);
  });
}

for (const damage of ARCHIVE_DAMAGES) {
  Deno.test(`installJSockD() downloads the cached release again when ${damage.what}`, async () => {
    assertEquals(await requestsToReplace(damage), [SIGNATURES, ARCHIVE]);
  });

  Deno.test(`initJSockDClientViaAutoDownload() does not run the cached release when ${damage.what}`, async () => {
    await using fixture = await Fixture.start();
    await fixture.install();
    await damage.inflict(fixture);
    fixture.server.answer(SIGNATURES, () => new Response("gone", { status: 404 }));
    const error = await assertRejects(
      () => initJSockDClientViaAutoDownload({ nThreads: 1 }, fixture.options),
      JSockDClientError,
      "nothing of it was run, and it could not be replaced: Cannot download",
    );
    assertEquals(error.code, "SIGNATURE");
    assertMatch(error.message, /^Cannot (use|trust) /);
    assertEquals(namesIn(fixture.cacheDir), [releasedName]);
  });
}

Deno.test("initJSockDClientViaAutoDownload() does not run a script when it stands in for the cached executable", async () => {
  await using fixture = await Fixture.start();
  await fixture.install();
  const trace = join(dirname(fixture.cacheDir), "was-run");
  const script = `#!/bin/sh\n: > '${trace}'\n`;
  await replaceFile(fixture.cached("jsockd"), new TextEncoder().encode(script));
  await fixture.server[Symbol.asyncDispose]();
  await using client = await initJSockDClientViaAutoDownload({ nThreads: 1 }, fixture.options);
  assertEquals(await client.run("(_, n) => n + 1", 41), 42);
  assertEquals(namesIn(dirname(fixture.cacheDir)), ["cache"]);
});

Deno.test("initJSockDClientViaAutoDownload() needs no permission to download when the executable is missing", async () => {
  await using fixture = await Fixture.start();
  await Deno.remove(await fixture.install());
  const flags = ["--allow-all", `--deny-net=${new URL(fixture.server.baseUrl).host}`];
  assertEquals(await startInProcess({ download: fixture.options, flags }), "42");
});

Deno.test("installJSockD() needs no network when the cached release is valid", async () => {
  await using fixture = await Fixture.start();
  const path = await fixture.install();
  await fixture.server[Symbol.asyncDispose]();
  let progress = 0;
  assertEquals(await fixture.install({ onProgress: () => void progress++ }), path);
  assertEquals(progress, 0);
});

Deno.test("installJSockD() rejects when the cached release is signed with another key", async () => {
  await using fixture = await Fixture.start();
  await fixture.install();
  const { publicKey } = await generateKeys();
  const error = await assertRejects(() => fixture.install({ publicKey }), JSockDClientError);
  assertEquals(error.code, "SIGNATURE");
  await fixture.server[Symbol.asyncDispose]();
  await fixture.install();
});

/** Leaves a staging folder as a process does that was killed a number of days ago. */
async function abandonInstall(folder: string, days: number): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(join(folder, "jsockd"), "half");
  const time = new Date(Date.now() - days * 24 * 60 * 60 * 1000);
  await Deno.utime(folder, time, time);
}

Deno.test("installJSockD() removes a staging folder when it is more than a day old", async () => {
  await using fixture = await Fixture.start();
  await abandonInstall(join(fixture.cacheDir, ".install-old"), 2);
  await abandonInstall(join(fixture.cacheDir, ".install-fresh"), 0);
  await fixture.install();
  assertEquals(namesIn(fixture.cacheDir), [".install-fresh", releasedName]);
});

Deno.test("installJSockD() uses the cached release when another process has installed it meanwhile", async () => {
  await using fixture = await Fixture.start();
  await Deno.mkdir(fixture.cacheDir);
  using cache = await Deno.open(fixture.cacheDir, { read: true });
  await cache.lock(true);
  const installed = fixture.install();
  const isUnpacked = () =>
    namesIn(fixture.cacheDir).some((name) =>
      exists(join(fixture.cacheDir, name, releasedName, "jsockd"))
    );
  await until(isUnpacked, "the unpacked executable");
  // Takes long enough for the first installation to finish, if it ignored the lock.
  const elsewhere = join(dirname(fixture.cacheDir), "elsewhere");
  await fixture.install({ cacheDir: elsewhere });
  await Deno.rename(join(elsewhere, releasedName), fixture.cached("."));
  await cache.unlock();
  await installed;
  assertEquals(namesIn(fixture.cacheDir), [releasedName]);
});

for (const isDamaged of [false, true]) {
  const state = isDamaged ? "damaged" : "empty";
  Deno.test(`initJSockDClientViaAutoDownload() starts in four processes at once when the cache is ${state}`, async () => {
    await using fixture = await Fixture.start();
    if (isDamaged) {
      await fixture.install();
      await changeByte(fixture.cached("jsockd"), () => 0);
    }
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, () => startInProcess({ download: fixture.options })),
    );
    assertEquals(outcomes, ["42", "42", "42", "42"]);
    assertEquals(namesIn(fixture.cacheDir), [releasedName]);
  });
}

Deno.test("installJSockD() names cacheDir when the cache folder is a file", async () => {
  await using fixture = await Fixture.start();
  await Deno.writeTextFile(fixture.cacheDir, "");
  for (const cacheDir of [fixture.cacheDir, join(fixture.cacheDir, "below")]) {
    const error = await assertRejects(
      () => fixture.install({ cacheDir }),
      JSockDClientError,
      `Cannot keep JSockD in '${cacheDir}': `,
    );
    assertEquals(error.code, "CONFIG");
    assertStringIncludes(error.message, "; choose another folder with cacheDir");
  }
  assertEquals(fixture.server.requested, []);
});

/**
 * The command that starts a program which obeys file permissions. Root does so only without the
 * capabilities that override them. undefined if there is no such command on this system.
 */
const asOrdinaryUser = Deno.uid() !== 0
  ? []
  : Deno.build.os === "linux"
  ? ["/usr/bin/setpriv", "--bounding-set=-dac_override,-dac_read_search"]
  : undefined;

Deno.test({
  name: "initJSockDClientViaAutoDownload() starts the cached server when the cache is read-only",
  ignore: asOrdinaryUser === undefined,
  async fn() {
    await using fixture = await Fixture.start();
    await fixture.install();
    await fixture.server[Symbol.asyncDispose]();
    await using cleanUp = new AsyncDisposableStack();
    for (const folder of [fixture.cached("."), fixture.cacheDir]) {
      await Deno.chmod(folder, 0o500);
      cleanUp.defer(() => Deno.chmod(folder, 0o700));
    }
    const outcome = await startInProcess({ download: fixture.options, wrapper: asOrdinaryUser! });
    assertEquals(outcome, "42");
  },
});

Deno.test({
  name: "initJSockDClientViaAutoDownload() names cacheDir when the empty cache is read-only",
  ignore: asOrdinaryUser === undefined,
  async fn() {
    await using fixture = await Fixture.start();
    await Deno.mkdir(fixture.cacheDir, { mode: 0o500 });
    const outcome = await startInProcess({ download: fixture.options, wrapper: asOrdinaryUser! });
    assertStringIncludes(outcome, `CONFIG Cannot keep JSockD in '${fixture.cacheDir}': Permission`);
    assertStringIncludes(outcome, "choose another folder with cacheDir");
    fixture.assertEmpty();
  },
});

Deno.test({
  name:
    "initJSockDClientViaAutoDownload() downloads when a staging folder in the cache cannot be removed",
  ignore: asOrdinaryUser === undefined,
  async fn() {
    await using fixture = await Fixture.start();
    // What another user owns in a shared cache cannot be emptied either.
    const locked = join(fixture.cacheDir, ".install-locked");
    await abandonInstall(locked, 2);
    await Deno.chmod(locked, 0o500);
    await using cleanUp = new AsyncDisposableStack();
    cleanUp.defer(() => Deno.chmod(locked, 0o700));
    await abandonInstall(join(fixture.cacheDir, ".install-old"), 2);
    const outcome = await startInProcess({ download: fixture.options, wrapper: asOrdinaryUser! });
    assertEquals(outcome, "42");
    assertEquals(namesIn(fixture.cacheDir), [".install-locked", releasedName]);
  },
});

const inHome = Deno.build.os === "darwin" ? "Library/Caches" : ".cache";

Deno.test("initJSockDClientViaAutoDownload() keeps downloads below HOME when cacheDir is not set", async () => {
  await using fixture = await Fixture.start();
  const home = fixture.cacheDir;
  const env = { HOME: home };
  assertEquals(await startInProcess({ download: fixture.server.options, env }), "42");
  assertEquals(namesIn(join(home, inHome, "jsockd")), [releasedName]);
});

Deno.test({
  name:
    "initJSockDClientViaAutoDownload() keeps downloads below XDG_CACHE_HOME when that is absolute",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using fixture = await Fixture.start();
    const home = fixture.cacheDir;
    const download = fixture.server.options;
    const xdg = join(home, "xdg");
    await startInProcess({ download, env: { HOME: home, XDG_CACHE_HOME: xdg } });
    assertEquals(namesIn(join(xdg, "jsockd")), [releasedName]);
    await startInProcess({ download, env: { HOME: home, XDG_CACHE_HOME: "relative" } });
    assertEquals(namesIn(join(home, ".cache", "jsockd")), [releasedName]);
  },
});

Deno.test("initJSockDClientViaAutoDownload() names cacheDir when HOME is not set", async () => {
  await using fixture = await Fixture.start();
  const outcome = await startInProcess({ download: fixture.server.options });
  assertEquals(
    outcome,
    "CONFIG Cannot find a cache folder for JSockD: the environment variable HOME is not set to an " +
      "absolute path; set it, or choose a folder with cacheDir",
  );
});
