import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import type { Logger } from "../../mod.ts";
import { servers } from "../conformance/servers.ts";
import { Callers, ECHO } from "./callers.ts";
import { startClient } from "../support/start_client.ts";
import { HostileServer } from "./hostile.ts";
import { NOISE_BYTES } from "./noise.ts";
import { until } from "../support/until.ts";

/** The longest message that a logger may get, in characters. */
const LONGEST_MESSAGE = 1 << 20;

for (const output of ["stdout", "stderr"] as const) {
  Deno.test(`logger() gets a flood on ${output} in pieces`, async () => {
    const level = output.toUpperCase();
    let characters = 0;
    let longest = 0;
    const logger: Logger = (_time, from, message) => {
      if (from === level) characters += message.length;
      longest = Math.max(longest, message.length);
    };
    await using hostile = await HostileServer.start({ logger }, `is noisy on ${output}`);
    assertEquals(await hostile.client.run(ECHO, 1), 1);
    await until(() => characters >= NOISE_BYTES, `all of ${output}`);
    assert(longest <= LONGEST_MESSAGE, `A message of ${longest} characters`);
  });
}

Deno.test("run() resolves when the server prints READY twice", async () => {
  await using hostile = await HostileServer.start({}, "prints READY twice");
  assertEquals(await hostile.client.run(ECHO, 1), 1);
});

Deno.test("initJSockDClient() uses the threads that are ready when there are fewer than nThreads", async () => {
  await using hostile = await HostileServer.start({ nThreads: 4 }, "has one thread ready");
  assertEquals(hostile.client.stats().threads, 1);
  await using callers = new Callers(hostile.client);
  await callers.moreAnswers(100);
  await callers.stopUnharmed();
});

const BAD_LOGGERS: Readonly<Record<string, Logger>> = {
  "throws": () => {
    throw new Error("logger");
  },
  "rejects": () => Promise.reject(new Error("logger")),
  "never settles": () => new Promise(() => {}),
  "is slow": () => {
    const end = performance.now() + 5;
    while (performance.now() < end);
  },
};

for (const [what, logger] of Object.entries(BAD_LOGGERS)) {
  for (const server of servers) {
    Deno.test(`${server.name}: run() resolves when the logger ${what}`, async () => {
      await using client = await startClient(server, { nThreads: 2, logger });
      const query = "(_, n) => { console.log('line ' + n); return n }";
      const commands = Array.from({ length: 100 }, (_, n) => client.run<number>(query, n));
      assertEquals(await Promise.all(commands), commands.map((_, n) => n));
    });
  }
}

for (const server of servers.filter((server) => server.differences.hostModules)) {
  Deno.test(`${server.name}: run() affects no other command when one floods stdout and stderr`, async () => {
    let characters = 0;
    await using client = await startClient(server, {
      nThreads: 2,
      maxCommandRuntimeUs: 10_000_000,
      logger: (_time, _level, message) => void (characters += message.length),
    });
    await using others = new Callers(client);
    const flood = `async (_, bytes) => {
      const std = await import("std");
      const noise = "x".repeat(bytes / 64);
      for (let i = 0; i < 64; i++) {
        std.out.puts(noise);
        std.err.puts(noise);
      }
      std.out.flush();
      std.err.flush();
      return bytes;
    }`;
    assertEquals(await client.run(flood, NOISE_BYTES), NOISE_BYTES);
    await others.stopUnharmed();
    await client.close();
    assert(characters >= 2 * NOISE_BYTES, `${characters}`);
  });
}

Deno.test("run() resolves when the server prints 128 KB within a command", async () => {
  await using hostile = await HostileServer.start();
  await using others = new Callers(hostile.client);
  for (let round = 0; round < 5; round++) {
    assertEquals(await hostile.run("print", 128 << 10), 128 << 10);
    await delay(0);
  }
  await others.stopUnharmed();
});
