import { assertEquals, assertRejects } from "@std/assert";
import { createTarPacker } from "modern-tar";
import { JSockDClientError } from "../../src/common/errors.ts";
import { unpackExecutable } from "../../src/release/archive.ts";
import { executableEntry, gzip, packArchive, packExecutable } from "./archives.ts";

const executable = crypto.getRandomValues(new Uint8Array(60_000));

async function assertRefused(archive: Uint8Array<ArrayBuffer>, message: string): Promise<void> {
  const error = await assertRejects(() => unpackExecutable(archive), JSockDClientError, message);
  assertEquals(error.code, "DOWNLOAD");
}

Deno.test("unpackExecutable() returns the executable of an archive", async () => {
  assertEquals(await unpackExecutable(await packExecutable(executable)), executable);
});

Deno.test("unpackExecutable() returns the executable when there are other files, folders and links", async () => {
  const archive = await packArchive([
    { header: { name: "jsockd/", type: "directory", size: 0 } },
    { header: { name: "jsockd/README.md", size: 2 }, body: "no" },
    { header: { name: "jsockd/not-jsockd", size: 2 }, body: "no" },
    { header: { name: "a/jsockd", type: "symlink", size: 0, linkname: "/bin/sh" } },
    { header: { name: "b/jsockd", type: "link", size: 0, linkname: "/bin/sh" } },
    { header: { name: "c/jsockd", type: "fifo", size: 0 } },
    executableEntry(executable),
    { header: { name: "d/jsockd", size: 2 }, body: "no" },
  ]);
  assertEquals(await unpackExecutable(archive), executable);
});

Deno.test("unpackExecutable() ignores the folder of the executable when it lies outside", async () => {
  const header = { name: "../../../../tmp/jsockd", size: executable.length };
  assertEquals(
    await unpackExecutable(await packArchive([{ header, body: executable }])),
    executable,
  );
});

Deno.test("unpackExecutable() rejects when the archive has no executable", async () => {
  const message = "Cannot unpack the release's archive: there is no file 'jsockd' in it";
  await assertRefused(await packArchive([]), message);
  await assertRefused(
    await packArchive([{ header: { name: "other", size: 2 }, body: "no" }]),
    message,
  );
  await assertRefused(
    await packArchive([
      { header: { name: "jsockd", type: "symlink", size: 0, linkname: "/bin/sh" } },
    ]),
    message,
  );
});

Deno.test("unpackExecutable() rejects when the archive is not gzip", async () => {
  await assertRefused(new Uint8Array(0), "Cannot unpack the release's archive: ");
  await assertRefused(new TextEncoder().encode("<!DOCTYPE html>"), "Cannot unpack");
});

Deno.test("unpackExecutable() rejects when the content is not tar", async () => {
  await assertRefused(await gzip([executable]), "Cannot unpack the release's archive: ");
});

Deno.test("unpackExecutable() rejects when the archive is truncated at any point", async () => {
  const archive = await packExecutable(executable);
  for (const length of [1, 10, 100, 512, 30_000, archive.length - 9, archive.length - 1]) {
    await assertRefused(archive.slice(0, length), "Cannot unpack the release's archive: ");
  }
});

Deno.test("unpackExecutable() rejects when the archive unpacks to more than the limit", async () => {
  const size = 256 * 1024 * 1024;
  const zeros = new Uint8Array(1024 * 1024);
  const header = await packHeader("zeros", size);
  const bomb = await gzip((function* () {
    yield header;
    for (let total = 0; total < size; total += zeros.length) yield zeros;
  })());
  await assertRefused(bomb, `it unpacks to more than ${size} bytes`);
});

/** Returns the tar header of a file, without the file itself. */
async function packHeader(name: string, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const { readable, controller } = createTarPacker();
  const file = controller.add({ name, size });
  const reader = readable.getReader();
  const { value } = await reader.read();
  await file.abort();
  await reader.cancel().catch(() => {});
  return value!;
}
