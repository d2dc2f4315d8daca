import { assert, assertEquals, assertRejects } from "@std/assert";
import { initJSockDClient, JSockDClientError } from "../../mod.ts";
import { servers } from "../conformance/servers.ts";
import { namesIn } from "../support/files.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { isRunning } from "../support/processes.ts";
import { quiet } from "../support/quiet.ts";

const INCREMENT = "(_, n) => n + 1";

for (const { name, command, version } of servers) {
  Deno.test(`${name}: close() ends the process, and later commands reject with CLOSED`, async () => {
    const client = await initJSockDClient(quiet({ jsockdVersion: version, nThreads: 2 }), command);
    const { pid } = client;
    assert(isRunning(pid));
    await client.close();
    assert(!isRunning(pid));
    const error = await assertRejects(() => client.run(INCREMENT, 1), JSockDClientError);
    assertEquals(error.code, "CLOSED");
    assertEquals(client.pid, pid);
  });

  Deno.test(`${name}: close() rejects commands with CLOSED when they are in flight or queued`, async () => {
    const client = await initJSockDClient(quiet({ jsockdVersion: version, nThreads: 1 }), command);
    const { promise: started, resolve: start } = Promise.withResolvers<void>();
    const sent = client.run("() => JSockD.sendMessage(1)", null, () => {
      start();
      return new Promise(() => {});
    });
    const waiting = Array.from({ length: 1_000 }, (_, n) => client.run(INCREMENT, n));
    const settled = Promise.allSettled([sent, ...waiting]);
    await started;
    await client.close();
    for (const result of await settled) {
      assertEquals(result.status === "rejected" && result.reason.code, "CLOSED");
    }
    assertEquals(client.stats().failed, 1_001);
  });

  Deno.test(`${name}: close() resolves when it is called concurrently, or again`, async () => {
    const client = await initJSockDClient(quiet({ jsockdVersion: version, nThreads: 1 }), command);
    await Promise.all([client.close(), client.close()]);
    await client.close();
    await client[Symbol.asyncDispose]();
  });

  Deno.test(`${name}: close() resolves when it is awaited in a message handler`, async () => {
    const client = await initJSockDClient(quiet({ jsockdVersion: version, nThreads: 1 }), command);
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const error = await assertRejects(
      () =>
        client.run("() => JSockD.sendMessage(1)", null, async () => {
          await client.close();
          resolve();
        }),
      JSockDClientError,
    );
    assertEquals(error.code, "CLOSED");
    await closed;
  });

  Deno.test(`${name}: close() does not wait for JavaScript when it runs in an endless loop`, async () => {
    const config = quiet({ jsockdVersion: version, nThreads: 1, maxCommandRuntimeUs: 60_000_000 });
    const client = await initJSockDClient(config, command);
    const running = client.run("() => { JSockD.sendMessage(1); for (;;); }", null, () => {
      // The answer starts the endless loop, which only a signal can end.
      void client.close();
      return 1;
    });
    const error = await assertRejects(() => running, JSockDClientError);
    assertEquals(error.code, "CLOSED");
    await client.close();
    assert(!isRunning(client.pid));
  });

  Deno.test(`${name}: "await using" leaves no sockets in socketDir`, async () => {
    await using folder = await TempFolder.make();
    {
      const config = quiet({ jsockdVersion: version, nThreads: 2, socketDir: folder.path });
      await using client = await initJSockDClient(config, command);
      await client.run(INCREMENT, 1);
    }
    assertEquals(namesIn(folder.path), []);
  });

  Deno.test(`${name}: run() rejects with SERVER_EXITED when the server is killed, and queued commands run on the next`, async () => {
    await using client = await initJSockDClient(
      quiet({ jsockdVersion: version, nThreads: 1 }),
      command,
    );
    const { pid } = client;
    const killed = client.run("() => JSockD.sendMessage(1)", null, () => {
      Deno.kill(pid, "SIGKILL");
      return new Promise(() => {});
    });
    const waiting = client.run(INCREMENT, 41);
    const error = await assertRejects(() => killed, JSockDClientError, "signal SIGKILL");
    assertEquals(error.code, "SERVER_EXITED");
    assertEquals(await waiting, 42);
    assert(client.pid !== pid);
    assertEquals(client.stats().restarts, 1);
  });

  Deno.test(`${name}: run() rejects with SERVER_EXITED and the limit when no restart is left`, async () => {
    await using client = await initJSockDClient(
      quiet({ jsockdVersion: version, nThreads: 1, maxRestartsPerMinute: 0 }),
      command,
    );
    const pending = client.run("() => JSockD.sendMessage(1)", null, () => {
      Deno.kill(client.pid, "SIGKILL");
      return new Promise(() => {});
    });
    const waiting = client.run(INCREMENT, 1);
    for (const promise of [pending, waiting]) {
      const error = await assertRejects(() => promise, JSockDClientError, "signal SIGKILL");
      assertEquals(error.code, "SERVER_EXITED");
    }
    await assertRejects(
      () => client.run(INCREMENT, 1),
      JSockDClientError,
      "0 restarts within a minute",
    );
  });
}
