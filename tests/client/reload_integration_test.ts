import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { initJSockDClient, JSockDClientError, JSockDJSException } from "../../mod.ts";
import { embeddedServer } from "../../src/embedded/mod.ts";
import { servers } from "../conformance/servers.ts";
import { Callers } from "../faults/callers.ts";
import { exists, namesIn } from "../support/files.ts";
import { startClient } from "../support/start_client.ts";
import { shellWords } from "../support/shell.ts";
import { until } from "../support/until.ts";
import { isRunning } from "../support/processes.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { quiet } from "../support/quiet.ts";

const SPIN = "(_, ms) => { const end = Date.now() + ms; while (Date.now() < end); return 'spun' }";
/** Handlers run while another server starts, and on V8 a command may not wait past its limit. */
const PATIENT = { maxCommandRuntimeUs: 20_000_000 };
const ASK = "() => JSockD.sendMessage('ask')";

for (const server of servers) {
  Deno.test(`${server.name}: reload() loses no command when 64 callers are busy`, async () => {
    await using client = await startClient(server, { nThreads: 2 });
    await using callers = new Callers(client, 64);
    for (let reload = 0; reload < 3; reload++) {
      await callers.moreAnswers(500);
      const { pid } = client;
      await client.reload({});
      assertNotEquals(client.pid, pid);
      await until(() => !isRunning(pid), "the end of the replaced server");
    }
    await callers.moreAnswers(500);
    await callers.stopUnharmed();
  });

  Deno.test(`${server.name}: reload() sends queued and later commands to the new server`, async () => {
    await using client = await startClient(server, PATIENT);
    const setMark = "() => { globalThis.mark = 'old'; return null }";
    const getMark = "() => globalThis.mark ?? 'new'";
    await client.run(setMark);
    assertEquals(await client.run(getMark), "old");
    const { promise: answer, resolve: giveAnswer } = Promise.withResolvers<string>();
    const inFlight = client.run(ASK, null, () => answer);
    const waiting = client.run(getMark);
    await client.reload({});
    const after = await Promise.all(Array.from({ length: 20 }, () => client.run(getMark)));
    assertEquals(new Set(after), new Set(["new"]));
    giveAnswer("answer");
    assertEquals(await inFlight, "answer");
    assertEquals(await waiting, "new");
  });

  Deno.test(`${server.name}: reload() lets a message handler answer when it is called there`, async () => {
    await using client = await startClient(server, PATIENT);
    const result = client.run(ASK, null, async () => {
      await client.reload({});
      return await client.run(() => "reloaded");
    });
    assertEquals(await result, "reloaded");
  });
}

Deno.test("reload() changes the given fields of the configuration and keeps the others", async () => {
  await using client = await initJSockDClient(
    quiet({ nThreads: 1, maxCommandRuntimeUs: 2_000_000 }),
    embeddedServer(),
  );
  await client.reload({ nThreads: 2 });
  assertEquals(client.stats().threads, 2);
  assertEquals(await client.run(SPIN, 400), "spun");
  await client.reload({ maxCommandRuntimeUs: 50_000 });
  assertEquals(client.stats().threads, 2);
  await assertRejects(() => client.run(SPIN, 5_000), JSockDJSException, "interrupted");
});

Deno.test("reload() keeps the server when it fails", async () => {
  await using client = await initJSockDClient(quiet({ nThreads: 1 }), embeddedServer());
  const { pid } = client;
  const cases = [
    [{ nThreads: 0 }, "CONFIG", "Cannot use 0 as nThreads"],
    [{ socketDir: "/tmp/elsewhere" }, "CONFIG", "Cannot change socketDir"],
    [{ bytecodeModuleFile: "/no/such/module" }, "CONFIG", "without the key"],
    [
      { bytecodeModuleFile: "/no/such/module", bytecodeModulePublicKey: "0".repeat(64) },
      "SPAWN",
      "before it was ready",
    ],
    [{ jsockdVersion: "9.9.9" }, "VERSION_MISMATCH", "expected 9.9.9"],
  ] as const;
  for (const [changes, code, message] of cases) {
    const error = await assertRejects(() => client.reload(changes), JSockDClientError, message);
    assertEquals(error.code, code);
    assertEquals(client.pid, pid);
    assertEquals(await client.run("(_, n) => n + 1", 41), 42);
  }
});

Deno.test("reload() alternates between two sets of sockets in socketDir", async () => {
  await using folder = await TempFolder.make();
  const socketDir = join(folder.path, "sockets");
  const names = () => namesIn(socketDir);
  {
    await using client = await initJSockDClient(
      quiet({ nThreads: 1, socketDir }),
      embeddedServer(),
    );
    for (const name of ["jsd_0b.sock", "jsd_0.sock"]) {
      const { pid } = client;
      await client.reload({});
      await until(() => !isRunning(pid), "the end of the replaced server");
      assertEquals(names(), [name]);
    }
  }
  await assertRejects(() => Deno.stat(socketDir), Deno.errors.NotFound);
});

Deno.test("reload() waits for an earlier reload when calls overlap", async () => {
  await using client = await initJSockDClient(quiet({ nThreads: 1 }), embeddedServer());
  await Promise.all([client.reload({ nThreads: 3 }), client.reload({ timeoutUs: 20_000_000 })]);
  assertEquals(client.stats().threads, 3);
});

Deno.test("reload() starts a server when the restarts are used up", async () => {
  await using client = await initJSockDClient(
    quiet({ nThreads: 1, maxRestartsPerMinute: 0 }),
    embeddedServer(),
  );
  Deno.kill(client.pid, "SIGKILL");
  const ended = Promise.withResolvers<void>();
  client.addEventListener("exit", () => ended.resolve(), { once: true });
  await ended.promise;
  const error = await assertRejects(() => client.run(() => 1), JSockDClientError);
  assertEquals(error.code, "SERVER_EXITED");
  await client.reload({});
  assertEquals(await client.run(() => 1), 1);
});

Deno.test("reload() restarts nothing when the replaced server dies", async () => {
  await using client = await initJSockDClient(quiet({ nThreads: 1 }), embeddedServer());
  const { pid } = client;
  const dying = client.run(ASK, null, () => new Promise(() => {}));
  await client.reload({});
  Deno.kill(pid, "SIGKILL");
  const error = await assertRejects(() => dying, JSockDClientError);
  assertEquals(error.code, "SERVER_EXITED");
  assertEquals(client.stats().restarts, 0);
  assertEquals(await client.run(() => 1), 1);
});

Deno.test("close() ends both servers when a reload is not complete", async () => {
  const client = await initJSockDClient(quiet({ nThreads: 1 }), embeddedServer());
  const { pid: first } = client;
  const unanswered = client.run(ASK, null, () => new Promise(() => {}));
  const inFlight = assertRejects(() => unanswered, JSockDClientError, "closed");
  await client.reload({});
  const { pid: second } = client;
  const interrupted = assertRejects(() => client.reload({}), JSockDClientError);
  await client.close();
  assert(!isRunning(first) && !isRunning(second));
  await inFlight;
  assertEquals((await interrupted).code, "CLOSED");
  const late = await assertRejects(() => client.reload({}), JSockDClientError);
  assertEquals(late.code, "CLOSED");
});

Deno.test("close() aborts the start of a server when a reload waits for it", async () => {
  await using folder = await TempFolder.make();
  const marker = join(folder.path, "started");
  const program = join(folder.path, "server");
  const embedded = shellWords([embeddedServer()].flat());
  // A real server at first. Once the marker exists, a server that is never ready.
  await Deno.writeTextFile(
    program,
    `#!/bin/sh\nif [ -e '${marker}' ]; then touch '${marker}.seen'; exec sleep 60; fi\nexec ${embedded} "$@"\n`,
    { mode: 0o700 },
  );
  const client = await initJSockDClient(
    quiet({ nThreads: 1, env: { PATH: "/usr/bin:/bin" } }),
    program,
  );
  await Deno.writeTextFile(marker, "");
  const interrupted = assertRejects(() => client.reload({}), JSockDClientError);
  await until(() => exists(`${marker}.seen`), "the start of the second server");
  await client.close();
  assertEquals((await interrupted).code, "CLOSED");
});
