import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import {
  initJSockDClientViaAutoDownload,
  type JSockDClient,
  JSockDClientError,
} from "../../mod.ts";
import { exists } from "../support/files.ts";
import { quiet } from "../support/quiet.ts";
import { within } from "../support/within.ts";
import { releasedName } from "./archives.ts";
import { Fixture } from "./fixture.ts";

/** Replaces the cached executable and returns the path of a file that exists once it was run. */
async function tamper(fixture: Fixture): Promise<string> {
  const path = fixture.cached("jsockd");
  const trace = join(fixture.cacheDir, "tampered-program-was-run");
  await Deno.chmod(path, 0o700);
  await Deno.writeTextFile(path, `#!/bin/sh\ntouch '${trace}'\n`);
  return trace;
}

/** Kills the server and waits until the client notices. */
async function killServer(client: JSockDClient): Promise<void> {
  const exited = new Promise<void>((resolve) =>
    client.addEventListener("exit", () => resolve(), { once: true })
  );
  Deno.kill(client.pid, "SIGKILL");
  await within(exited, "the server's exit");
}

Deno.test("initJSockDClientViaAutoDownload() unpacks the server again when a restart finds it changed", async () => {
  await using fixture = await Fixture.start();
  await using client = await initJSockDClientViaAutoDownload(
    quiet({ nThreads: 1 }),
    { ...fixture.options, signal: new AbortController().signal },
  );
  const { pid } = client;
  await fixture.server[Symbol.asyncDispose]();
  const trace = await tamper(fixture);
  await killServer(client);
  assertEquals(await client.run("(_, n) => n + 1", 41), 42);
  assertNotEquals(client.pid, pid);
  assert(!exists(trace));
});

Deno.test("initJSockDClientViaAutoDownload() does not restart when the changed server cannot be replaced", async () => {
  await using fixture = await Fixture.start();
  await using client = await initJSockDClientViaAutoDownload(
    quiet({ nThreads: 1 }),
    fixture.options,
  );
  await fixture.server[Symbol.asyncDispose]();
  const trace = await tamper(fixture);
  await Deno.remove(fixture.cached(`${releasedName}.tar.gz`));
  await killServer(client);
  const error = await within(
    assertRejects(
      () => client.run("(_, n) => n + 1", 41),
      JSockDClientError,
      "nothing of it was run",
    ),
    "the client's giving up",
  );
  assertEquals(error.code, "SERVER_EXITED");
  assert(!exists(trace));
});

Deno.test("initJSockDClientViaAutoDownload() still restarts the server when its signal has aborted meanwhile", async () => {
  await using fixture = await Fixture.start();
  const controller = new AbortController();
  await using client = await initJSockDClientViaAutoDownload(
    quiet({ nThreads: 1 }),
    { ...fixture.options, signal: controller.signal },
  );
  controller.abort();
  await killServer(client);
  assertEquals(await client.run("(_, n) => n + 1", 41), 42);
});
