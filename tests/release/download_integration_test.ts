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

Deno.test("installJSockD() returns the path of an executable that only its owner may run", async () => {
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
  const when = announced ? "the server sends its size" : "its size is not known";
  Deno.test(`installJSockD() reports the progress of the archive when ${when}`, async () => {
    await using fixture = await Fixture.start();
    const archive = await packExecutable(embeddedExecutable());
    if (!announced) {
      const halves = [archive.slice(0, 100), archive.slice(100)];
      fixture.server.answer(ARCHIVE, () => new Response(ReadableStream.from(halves)));
      // The signature must be of exactly these bytes.
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

Deno.test("installJSockD() follows a redirect", async () => {
  await using fixture = await Fixture.start();
  const archive = await packExecutable(embeddedExecutable());
  fixture.server.answer("elsewhere", () => new Response(archive));
  fixture.server.answer(ARCHIVE, () => redirect("elsewhere"));
  await fixture.server.sign(archive);
  await fixture.install();
});

Deno.test("installJSockD() rejects when any part of the archive is changed", async () => {
  await using fixture = await Fixture.start();
  const archive = await packExecutable(embeddedExecutable());
  for (const position of [0, 9, archive.length / 2 | 0, archive.length - 5, archive.length - 1]) {
    const changed = archive.slice();
    changed[position]! ^= 1;
    fixture.server.answer(ARCHIVE, () => new Response(changed));
    await fixture.assertNotInstalled("SIGNATURE", "its signature is not valid");
  }
  for (const changed of [archive.slice(1), archive.slice(0, -1), new Uint8Array([...archive, 0])]) {
    fixture.server.answer(ARCHIVE, () => new Response(changed));
    await fixture.assertNotInstalled("SIGNATURE", "its signature is not valid");
  }
});

Deno.test("installJSockD() rejects when the release is signed with another key", async () => {
  await using fixture = await Fixture.start();
  const { publicKey } = await generateKeys();
  await fixture.assertNotInstalled("SIGNATURE", `for the public key ${publicKey}`, { publicKey });
});

Deno.test("initJSockDClientViaAutoDownload() requires the official signature when publicKey is not set", async () => {
  await using fixture = await Fixture.start();
  const { baseUrl, cacheDir } = fixture.options;
  await assertRejects(
    () => initJSockDClientViaAutoDownload({ nThreads: 1 }, { baseUrl, cacheDir }),
    JSockDClientError,
    "for the public key b136fca8",
  );
  fixture.assertEmpty();
});

Deno.test("installJSockD() rejects when the signature file does not name the archive", async () => {
  await using fixture = await Fixture.start();
  fixture.server.answer(SIGNATURES, () => new Response(`${"A".repeat(86)}==\tother.tar.gz\n`));
  await fixture.assertNotInstalled("SIGNATURE", "the signature file has no line for it");
});

Deno.test("installJSockD() rejects when a signed archive has no executable", async () => {
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

Deno.test("installJSockD() writes only to the cache when a path in the archive leads out of it", async () => {
  await using fixture = await Fixture.start();
  const executable = embeddedExecutable();
  const header = { name: "../../../jsockd", size: executable.length };
  await fixture.server.release(await packArchive([{ header, body: executable }]));
  assertEquals(await fixture.install(), fixture.cached("jsockd"));
  assertEquals(namesIn(dirname(fixture.cacheDir)), ["cache"]);
  assertEquals(namesIn(fixture.cacheDir), [releasedName]);
  assertEquals(namesIn(fixture.cached(".")), [SIGNATURES, "jsockd", ARCHIVE]);
});

Deno.test("installJSockD() keeps versions side by side when several are installed", async () => {
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
  name: "installJSockD() installs the filc build when flavor is 'filc'",
  ignore: Deno.build.os !== "linux" || Deno.build.arch !== "x86_64",
  async fn() {
    await using fixture = await Fixture.start();
    const name = `${releasedName}_filc`;
    await fixture.server.release(await packExecutable(embeddedExecutable()), { name });
    const path = await fixture.install({ flavor: "filc" });
    assertEquals(path, fixture.cached("jsockd").replace(releasedName, name));
  },
});
