import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { initJSockDClientViaAutoDownload, JSockDClientError } from "../../mod.ts";
import { quiet } from "../support/quiet.ts";
import { packExecutable, releasedName } from "./archives.ts";
import { elfWithLoader } from "./elf.ts";
import { Fixture } from "./fixture.ts";

Deno.test("initJSockDClientViaAutoDownload() downloads the server once when it is called twice", async () => {
  await using fixture = await Fixture.start();
  for (const requests of [2, 2]) {
    await using client = await initJSockDClientViaAutoDownload(
      quiet({ nThreads: 2 }),
      fixture.options,
    );
    assertEquals(await client.run((_, n: number) => n + 1, 41), 42);
    assertEquals(client.stats().threads, 2);
    assertEquals(fixture.server.requested.length, requests);
  }
});

Deno.test("initJSockDClientViaAutoDownload() rejects when the downloaded server is not of jsockdVersion", async () => {
  await using fixture = await Fixture.start();
  const released = await Deno.readFile(await fixture.install());
  const name = releasedName.replace("0.0.139", "1.2.3");
  await fixture.server.release(await packExecutable(released), { name, version: "1.2.3" });
  const error = await assertRejects(
    () =>
      initJSockDClientViaAutoDownload(
        quiet({ nThreads: 1, jsockdVersion: "1.2.3" }),
        fixture.options,
      ),
    JSockDClientError,
    "it is of version 0.0.139, expected 1.2.3",
  );
  assertEquals(error.code, "VERSION_MISMATCH");
  assertEquals(fixture.server.requested.at(-1), `${name}.tar.gz`);
});

Deno.test({
  name:
    "initJSockDClientViaAutoDownload() names the loader when the executable's loader is missing",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using fixture = await Fixture.start();
    const executable = elfWithLoader("/lib/ld-of-another-libc.so.1");
    await fixture.server.release(await packExecutable(executable));
    const error = await assertRejects(
      () => initJSockDClientViaAutoDownload(quiet({ nThreads: 1 }), fixture.options),
      JSockDClientError,
      "its loader '/lib/ld-of-another-libc.so.1' is not on this system",
    );
    assertEquals(error.code, "SPAWN");
    assertStringIncludes(error.message, "the embedded server of '@x/jsockd/embedded'");
  },
});

Deno.test("initJSockDClientViaAutoDownload() reports exit code and output when the executable fails", async () => {
  await using fixture = await Fixture.start();
  const script = new TextEncoder().encode("#!/bin/sh\necho oh no >&2\nexit 3\n");
  await fixture.server.release(await packExecutable(script));
  const error = await assertRejects(
    () => initJSockDClientViaAutoDownload(quiet({ nThreads: 1 }), fixture.options),
    JSockDClientError,
    "it ended with exit code 3 before it was ready; it wrote: oh no",
  );
  assertEquals(error.code, "SPAWN");
});
