import { assertEquals, assertRejects } from "@std/assert";
import { dirname } from "@std/path";
import { type DownloadProgress, initJSockDClientViaAutoDownload } from "../../mod.ts";
import { JSockDClientError } from "../../src/common/errors.ts";
import { namesIn } from "../support/files.ts";
import { generateKeys } from "../support/signed_module.ts";
import { embeddedExecutable, packArchive, packExecutable, releasedName } from "./archives.ts";
import { Fixture } from "./fixture.ts";
import { redirect } from "./release_server.ts";

const ARCHIVE = `${releasedName}.tar.gz`;
const SIGNATURES = "ed25519_signatures.txt";

Deno.test("installJSockD() gives the path of the executable, which only its owner may use", async () => {
  await using fixture = await Fixture.start();
  const path = await fixture.install();
  assertEquals(path, fixture.cached("jsockd"));
  assertEquals(await Deno.readFile(path), embeddedExecutable());
  const mode = async (path: string) => (await Deno.stat(path)).mode! & 0o777;
  assertEquals(await mode(path), 0o500);
  assertEquals(await mode(fixture.cached(".")), 0o700);
  assertEquals(await mode(fixture.cacheDir), 0o700);
});

for (const announced of [true, false]) {
  const how = announced ? "whose size the server says" : "whose size is not known";
  Deno.test(`installJSockD() tells of the progress of an archive ${how}`, async () => {
    await using fixture = await Fixture.start();
    const archive = await packExecutable(embeddedExecutable());
    if (!announced) {
      const halves = [archive.slice(0, 100), archive.slice(100)];
      fixture.server.answer(ARCHIVE, () => new Response(ReadableStream.from(halves)));
      // Its signature must be of these bytes.
      await fixture.server.sign(archive);
    }
    const progress: DownloadProgress[] = [];
    await fixture.install({ onProgress: (step) => void progress.push(step) });
    const ofArchive = progress.filter(({ file }) => file === ARCHIVE);
    assertEquals(ofArchive.at(-1)!.received, archive.length);
    for (const { total } of ofArchive) assertEquals(total, announced ? archive.length : undefined);
    assertEquals(progress[0]!.file, SIGNATURES);
  });
}

Deno.test("installJSockD() follows redirects", async () => {
  await using fixture = await Fixture.start();
  const archive = await packExecutable(embeddedExecutable());
  fixture.server.answer("elsewhere", () => new Response(archive));
  fixture.server.answer(ARCHIVE, () => redirect("elsewhere"));
  await fixture.server.sign(archive);
  await fixture.install();
});

Deno.test("installJSockD() refuses an archive of which any region is changed", async () => {
  await using fixture = await Fixture.start();
  const archive = await packExecutable(embeddedExecutable());
  for (const position of [0, 9, archive.length / 2 | 0, archive.length - 5, archive.length - 1]) {
    const changed = archive.slice();
    changed[position]! ^= 1;
    fixture.server.answer(ARCHIVE, () => new Response(changed));
    await fixture.assertNotInstalled("SIGNATURE", "its signature is not of these bytes");
  }
  for (const changed of [archive.slice(1), archive.slice(0, -1), new Uint8Array([...archive, 0])]) {
    fixture.server.answer(ARCHIVE, () => new Response(changed));
    await fixture.assertNotInstalled("SIGNATURE", "its signature is not of these bytes");
  }
});

Deno.test("installJSockD() refuses what another key has signed", async () => {
  await using fixture = await Fixture.start();
  const { publicKey } = await generateKeys();
  await fixture.assertNotInstalled("SIGNATURE", `by the key ${publicKey}`, { publicKey });
});

Deno.test("installJSockD() refuses what the official key has not signed when no other is named", async () => {
  await using fixture = await Fixture.start();
  const { baseUrl, cacheDir } = fixture.options;
  await assertRejects(
    () => initJSockDClientViaAutoDownload({ nThreads: 1 }, { baseUrl, cacheDir }),
    JSockDClientError,
    "by the key b136fca8",
  );
  fixture.assertEmpty();
});

Deno.test("installJSockD() refuses an archive that the signature file does not name", async () => {
  await using fixture = await Fixture.start();
  fixture.server.answer(SIGNATURES, () => new Response(`${"A".repeat(86)}==\tother.tar.gz\n`));
  await fixture.assertNotInstalled("SIGNATURE", "the signature file has no line for it");
});

Deno.test("installJSockD() refuses what is signed and no archive with an executable", async () => {
  await using fixture = await Fixture.start();
  const executable = embeddedExecutable();
  await fixture.server.release(executable);
  await fixture.assertNotInstalled("DOWNLOAD", "Cannot unpack the release's archive");
  await fixture.server.release(
    await packArchive([
      { header: { name: "jsockd", type: "symlink", size: 0, linkname: "/bin/sh" } },
      { header: { name: "other", size: executable.length }, body: executable },
    ]),
  );
  await fixture.assertNotInstalled("DOWNLOAD", "there is no file 'jsockd' in it");
});

Deno.test("installJSockD() writes only to the cache, whatever an archive's paths are", async () => {
  await using fixture = await Fixture.start();
  const executable = embeddedExecutable();
  const header = { name: "../../../jsockd", size: executable.length };
  await fixture.server.release(await packArchive([{ header, body: executable }]));
  assertEquals(await fixture.install(), fixture.cached("jsockd"));
  assertEquals(namesIn(dirname(fixture.cacheDir)), ["cache"]);
  assertEquals(namesIn(fixture.cacheDir), [releasedName]);
  assertEquals(namesIn(fixture.cached(".")), [SIGNATURES, "jsockd", ARCHIVE]);
});

Deno.test("installJSockD() installs other versions, and flavors, side by side", async () => {
  await using fixture = await Fixture.start();
  const name = releasedName.replace("0.0.139", "1.2.3");
  await fixture.server.release(await packExecutable(embeddedExecutable()), {
    name,
    version: "1.2.3",
  });
  const path = await fixture.install({ version: "1.2.3" });
  assertEquals(path, fixture.cached("jsockd").replace(releasedName, name));
  await fixture.install();
  assertEquals(await Deno.readFile(path), await Deno.readFile(fixture.cached("jsockd")));
});

Deno.test({
  name: "installJSockD() installs the flavor that is asked for",
  ignore: Deno.build.os !== "linux" || Deno.build.arch !== "x86_64",
  async fn() {
    await using fixture = await Fixture.start();
    const name = `${releasedName}_filc`;
    await fixture.server.release(await packExecutable(embeddedExecutable()), { name });
    const path = await fixture.install({ flavor: "filc" });
    assertEquals(path, fixture.cached("jsockd").replace(releasedName, name));
  },
});
