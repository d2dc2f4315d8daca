import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import {
  initJSockDClient,
  JSockDClientError,
  type JSockDConfig,
  type JSockDErrorCode,
} from "../../mod.ts";
import { embeddedServer } from "../../src/embedded/mod.ts";
import { servers } from "../conformance/servers.ts";
import { namesIn } from "../support/files.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { quiet } from "../support/quiet.ts";

/** Returns a command that runs a shell script in place of a server, with the client's arguments. */
function script(text: string): readonly [string, ...string[]] {
  return ["/bin/sh", "-c", text, "script"];
}

async function assertDoesNotStart(
  command: string | readonly [string, ...string[]],
  code: JSockDErrorCode,
  message: string,
  config: Partial<JSockDConfig> = {},
): Promise<JSockDClientError> {
  const error = await assertRejects(
    () => initJSockDClient(quiet({ nThreads: 1, ...config }), command),
    JSockDClientError,
    message,
  );
  assertEquals(error.code, code);
  return error;
}

Deno.test("initJSockDClient() rejects with the signal's reason when the signal aborts", async () => {
  const controller = new AbortController();
  const ready = Promise.withResolvers<void>();
  const config = quiet({ nThreads: 1, logger: () => ready.resolve() });
  const command = script("echo started; trap '' TERM; exec sleep 60");
  const started = initJSockDClient(config, command, { signal: controller.signal });
  await ready.promise;
  const reason = new Error("no longer wanted");
  controller.abort(reason);
  assertEquals(await assertRejects(() => started), reason);
  assertEquals(
    await assertRejects(() => initJSockDClient(config, command, { signal: controller.signal })),
    reason,
  );
});

Deno.test("initJSockDClient() rejects with SPAWN when the executable does not exist", async () => {
  await assertDoesNotStart("/no/such/jsockd", "SPAWN", "there is no such executable");
});

Deno.test("initJSockDClient() rejects with SPAWN when the file is not executable", async () => {
  await using folder = await TempFolder.make();
  const path = join(folder.path, "jsockd");
  await Deno.writeTextFile(path, "", { mode: 0o600 });
  await assertDoesNotStart(path, "SPAWN", "Permission denied");
  await Deno.remove(path);
});

Deno.test("initJSockDClient() reports exit code and output when the server exits before READY", async () => {
  const error = await assertDoesNotStart(
    script("echo to stdout; echo to stderr >&2; exit 3"),
    "SPAWN",
    "it ended with exit code 3 before it was ready",
  );
  assertMatch(error.message, /to stdout/);
  assertMatch(error.message, /to stderr/);
});

Deno.test("initJSockDClient() passes the configuration as flags, followed by the sockets", async () => {
  await using folder = await TempFolder.make();
  const sockets = [0, 1].map((thread) => join(folder.path, `jsd_${thread}.sock`));
  const flags = `-b 00 -m /m -sm /m.map -t 5 -i 6 -s -- ${sockets.join(" ")}`;
  await assertDoesNotStart(script('echo "$@"'), "SPAWN", `wrote: ${flags}`, {
    nThreads: 2,
    bytecodeModuleFile: "/m",
    bytecodeModulePublicKey: "00".repeat(32),
    sourceMap: "/m.map",
    maxCommandRuntimeUs: 5,
    maxIdleTimeUs: 6,
    socketDir: folder.path,
  });
});

Deno.test("initJSockDClient() passes the configured environment variables and no others", async () => {
  const error = await assertDoesNotStart(script("/usr/bin/env"), "SPAWN", "before it was ready", {
    env: { GIVEN: "1" },
    bytecodeModulePublicKey: "00".repeat(32),
    logPrefix: "prefix",
  });
  const names = Array.from(error.message.matchAll(/(\w+)=/g), ([, name]) => name!);
  const setByShell = ["PWD", "OLDPWD", "SHLVL", "_"];
  assertEquals(names.filter((name) => !setByShell.includes(name)).sort(), [
    "GIVEN",
    "JSOCKD_BYTECODE_MODULE_PUBLIC_KEY",
    "JSOCKD_LOG_PREFIX",
  ]);
});

Deno.test("initJSockDClient() reports the signal when one ends the server before READY", async () => {
  await assertDoesNotStart(script("kill -9 $$"), "SPAWN", "it ended with signal SIGKILL");
});

Deno.test("initJSockDClient() rejects with START_TIMEOUT when the server is not ready in time", async () => {
  const command = script("trap '' TERM; echo still busy >&2; while :; do sleep 0.05; done");
  await assertDoesNotStart(command, "START_TIMEOUT", "not ready within 200000 µs", {
    timeoutUs: 200_000,
  });
});

for (const line of ["READY", "READY 0 0.0.139", "READY one 0.0.139", "READY 1 0.0.139 more"]) {
  Deno.test(`initJSockDClient() rejects with PROTOCOL when the server prints '${line}'`, async () => {
    await assertDoesNotStart(script(`echo '${line}'; exec sleep 60`), "PROTOCOL", `got '${line}'`);
  });
}

Deno.test("initJSockDClient() rejects with PROTOCOL when more threads are ready than there are sockets", async () => {
  const command = script("echo READY 3 0.0.139; exec sleep 60");
  await assertDoesNotStart(command, "PROTOCOL", "it has 3 threads ready, but only 2", {
    nThreads: 2,
  });
});

Deno.test("initJSockDClient() rejects with VERSION_MISMATCH when the server has another version", async () => {
  const command = script("echo READY 1 9.9.9; exec sleep 60");
  const message = "it is of version 9.9.9, expected 0.0.139";
  await assertDoesNotStart(command, "VERSION_MISMATCH", message);
  await assertDoesNotStart(embeddedServer(), "VERSION_MISMATCH", "expected 1.2.3", {
    jsockdVersion: "1.2.3",
  });
});

Deno.test("initJSockDClient() rejects with SPAWN when there is no socket to connect to", async () => {
  const command = script("echo oh no >&2; echo READY 1 0.0.139; exec sleep 60");
  const error = await assertDoesNotStart(command, "SPAWN", "Cannot connect to '");
  assertMatch(error.message, /jsd_0\.sock': .*oh no/);
});

Deno.test("initJSockDClient() rejects with CONFIG when the paths of sockets are too long", async () => {
  const socketDir = `/tmp/${"long".repeat(30)}`;
  await assertDoesNotStart("jsockd", "CONFIG", `'${socketDir}/jsd_0.sock' has`, { socketDir });
});

Deno.test("initJSockDClient() rejects with CONFIG when socketDir cannot be created", async () => {
  await assertDoesNotStart("jsockd", "CONFIG", "Cannot keep sockets in '/dev/null/sockets'", {
    socketDir: "/dev/null/sockets",
  });
});

Deno.test("initJSockDClient() uses /tmp when TMPDIR is too long for sockets", async () => {
  await using folder = await TempFolder.make();
  const tooLong = join(folder.path, "long".repeat(20));
  await Deno.mkdir(tooLong);
  const before = Deno.env.get("TMPDIR");
  Deno.env.set("TMPDIR", tooLong);
  try {
    await using client = await initJSockDClient(quiet({ nThreads: 1 }), embeddedServer());
    assertEquals(await client.run("() => 1"), 1);
  } finally {
    if (before === undefined) Deno.env.delete("TMPDIR");
    else Deno.env.set("TMPDIR", before);
    await Deno.remove(tooLong);
  }
});

for (const { name, command, version } of servers) {
  Deno.test(`${name}: initJSockDClient() accepts the configured version, or any when the check is off`, async () => {
    for (const config of [{ jsockdVersion: version }, { skipJSockDVersionCheck: true }]) {
      await using client = await initJSockDClient(quiet({ nThreads: 1, ...config }), command);
      assertEquals(client.serverVersion, version);
    }
  });

  Deno.test(`${name}: close() removes socketDir only when the client created it`, async () => {
    await using folder = await TempFolder.make();
    const socketDir = join(folder.path, "sockets");
    for (const existed of [false, true]) {
      if (existed) await Deno.mkdir(socketDir);
      const config = quiet({ nThreads: 2, socketDir, skipJSockDVersionCheck: true });
      await using client = await initJSockDClient(config, command);
      const names = namesIn(socketDir);
      assertEquals(names, ["jsd_0.sock", "jsd_1.sock"]);
      await client.close();
      assertEquals(namesIn(folder.path).length, existed ? 1 : 0);
      if (existed) await Deno.remove(socketDir);
    }
  });

  Deno.test(`${name}: logger() gets messages that begin with logPrefix`, async () => {
    const entries: string[] = [];
    await using client = await initJSockDClient({
      nThreads: 1,
      skipJSockDVersionCheck: true,
      logPrefix: "prefix> ",
      logger: (_, __, message) => void entries.push(message),
    }, command);
    await client.run("(", null).catch(() => {});
    await client.close();
    assert(entries.some((message) => message.startsWith("prefix> ")), entries.join("\n"));
  });

  Deno.test(`${name}: logger() gets the time, level and text of each message`, async () => {
    const entries: [string | undefined, string, string][] = [];
    const start = Temporal.Now.instant();
    await using client = await initJSockDClient({
      nThreads: 1,
      skipJSockDVersionCheck: true,
      logger: (time, level, message) => void entries.push([time?.toString(), level, message]),
    }, command);
    await client.run("() => { console.log('from inside') ; return 1 }");
    await assertRejects(() => client.run("() => { for (;;); }"), Error, "interrupted");
    await client.close();
    const [time, level] = entries.find(([, , message]) => message.includes("from inside"))!;
    assertEquals(level, "INFO");
    const instant = Temporal.Instant.from(time!);
    // The server rounds its time to microseconds, so it may be a little earlier.
    assert(instant.epochMilliseconds >= start.epochMilliseconds - 1);
    assert(instant.epochMilliseconds <= Temporal.Now.instant().epochMilliseconds);
    assert(entries.some(([, level, message]) => level === "WARN" && message.includes("interrupt")));
  });

  Deno.test(`${name}: run() resolves when the logger throws`, async () => {
    let calls = 0;
    await using client = await initJSockDClient({
      nThreads: 1,
      skipJSockDVersionCheck: true,
      logger: () => {
        calls++;
        throw new Error("logger");
      },
    }, command);
    assertEquals(await client.run("() => { console.log('a'); return 1 }"), 1);
    await client.close();
    assert(calls > 0);
  });
}

Deno.test("initJSockDClient() rejects with CONFIG when another client uses socketDir", async () => {
  await using folder = await TempFolder.make();
  const config = quiet({ nThreads: 1, socketDir: folder.path });
  {
    await using _client = await initJSockDClient(config, embeddedServer());
    await assertDoesNotStart(embeddedServer(), "CONFIG", "another client has its sockets there", {
      socketDir: folder.path,
    });
  }
  await using client = await initJSockDClient(config, embeddedServer());
  assertEquals(await client.run("(_, n) => n + 1", 41), 42);
});

Deno.test("initJSockDClient() rejects and keeps a file when it is in the place of a socket", async () => {
  await using folder = await TempFolder.make();
  const path = join(folder.path, "jsd_0.sock");
  await Deno.writeTextFile(path, "precious");
  await assertDoesNotStart(embeddedServer(), "CONFIG", `'${path}' is not a socket`, {
    socketDir: folder.path,
  });
  assertEquals(await Deno.readTextFile(path), "precious");
});

Deno.test("close() keeps a folder that the client created when it holds other files", async () => {
  await using folder = await TempFolder.make();
  const socketDir = join(folder.path, "sockets");
  const other = join(socketDir, "other");
  const client = await initJSockDClient(quiet({ nThreads: 1, socketDir }), embeddedServer());
  await Deno.writeTextFile(other, "precious");
  await client.close();
  assertEquals(await Deno.readTextFile(other), "precious");
});

Deno.test("close() keeps a folder that has taken the place of a socket", async () => {
  await using folder = await TempFolder.make();
  const client = await initJSockDClient(
    quiet({ nThreads: 1, socketDir: folder.path }),
    embeddedServer(),
  );
  const path = join(folder.path, "jsd_0.sock");
  await Deno.remove(path);
  await Deno.mkdir(path);
  await Deno.writeTextFile(join(path, "file"), "precious");
  await client.close();
  assertEquals(await Deno.readTextFile(join(path, "file")), "precious");
});

Deno.test("close() resolves when somebody else has removed socketDir", async () => {
  await using folder = await TempFolder.make();
  const socketDir = join(folder.path, "sockets");
  const client = await initJSockDClient(quiet({ nThreads: 1, socketDir }), embeddedServer());
  await Deno.remove(socketDir, { recursive: true });
  await client.close();
});
