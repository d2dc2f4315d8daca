import { assert, assertEquals } from "@std/assert";
import { ServerProcess } from "../support/server_process.ts";
import { servers } from "./servers.ts";

/** A command with an ID that is too long, about which the server logs a warning. */
const COMMAND_WITH_WARNING = `${"i".repeat(33)}\0() => 1\x001\0`;

for (const server of servers) {
  Deno.test(`${server.name}: calls of console are logged`, async (t) => {
    const started = Temporal.Now.instant();
    await using running = await ServerProcess.start(server.command);
    const connection = await running.connect();

    for (const name of ["log", "warn", "info", "error", "debug", "trace"]) {
      await t.step(`from console.${name}()`, async () => {
        assertEquals(await connection.value(`() => { console.${name}("a", 1); return 2; }`), 2);
        const entry = await running.log(new RegExp(`^<console\\.${name}>`));
        assertEquals([entry.level, entry.message], ["INFO", `<console.${name}>: a 1`]);
        const { timestamp } = entry;
        assert(timestamp !== undefined);
        const sinceStart = timestamp.since(started).total("seconds");
        assert(sinceStart > -1 && sinceStart < 600, `${sinceStart}`);
      });
    }

    await t.step("with values that are not strings", async () => {
      await connection.value(
        `() => console.log("v", { a: [1, "x", null] }, undefined, true, 1n, 1.5) ?? 0`,
      );
      const { message } = await running.log(/: v /);
      assertEquals(message, `<console.log>: v { a: [ 1, "x", null ] } undefined true 1n 1.5`);
    });

    await t.step("with text that is not ASCII", async () => {
      await connection.value(`() => console.log("é€😀") ?? 0`);
      assertEquals((await running.log(/é/)).message, "<console.log>: é€😀");
    });

    await t.step("with all lines of a text", async () => {
      const before = running.logs.length;
      await connection.value(`() => console.log("one\\ntwo\\nthree") ?? 0`);
      await running.log(/three/, before);
      const messages = running.logs.slice(before).map((entry) => entry.message);
      assertEquals(messages, ["<console.log>: one", "two\nthree"]);
      for (const entry of running.logs) assert(entry.timestamp !== undefined);
    });

    await t.step("with all lines of an error", async () => {
      const before = running.logs.length;
      await connection.value(`() => {
        const f = () => new Error("no");
        const g = () => f();
        console.log(g(), "end"); return 0; }`);
      await running.log(/end$/, before);
      const messages = running.logs.slice(before).map((entry) => entry.message);
      const [inF, inG, last] = server.differences.placeOfCall === "begin"
        ? [25, 25, 21]
        : [34, 26, 22];
      assertEquals(messages, [
        "<console.log>: Error: no",
        `    at f (<buffer>:2:${inF})`,
        `    at g (<buffer>:3:${inG})\n    at <anonymous> (<buffer>:4:${last}) end`,
      ]);
    });

    await t.step("with the spaces at the end of a line, and without a text", async () => {
      for (const [args, text] of [["", ""], ["''", ""], ["'a \\t '", "a \t "]]) {
        const before = running.logs.length;
        await connection.value(`() => console.info(${args}) ?? 0`);
        const { message } = await running.log(/./, before);
        assertEquals(message, `<console.info>: ${text}`);
      }
    });

    await t.step("with times in microseconds, in order", () => {
      const times = running.logs.map((entry) => entry.timestamp);
      const inMicroseconds = times.filter((time) =>
        (time?.epochNanoseconds ?? 0n) % 1_000_000n !== 0n
      );
      assert(inMicroseconds.length > 0, "Every time is a whole millisecond");
      const sorted = times.toSorted((a, b) => a && b ? Temporal.Instant.compare(a, b) : 0);
      assertEquals(times, sorted);
    });
  });

  Deno.test(`${server.name}: JSOCKD_LOG_PREFIX is put before the server's own messages`, async () => {
    await using running = await ServerProcess.start(server.command, {
      env: { JSOCKD_LOG_PREFIX: "[prefix é] " },
    });
    const connection = await running.connect();
    await connection.send(COMMAND_WITH_WARNING);
    await connection.next();
    const { level, message } = await running.log(/truncated/);
    assertEquals(level, "WARN");
    assert(message.startsWith("[prefix é] "), message);
    await connection.value(`() => console.log("mine") ?? 0`);
    assertEquals((await running.log(/mine/)).message, "<console.log>: mine");
  });

  for (const prefix of ["a\nb", "a\rb"]) {
    Deno.test(`${server.name}: JSOCKD_LOG_PREFIX is ignored when it is ${JSON.stringify(prefix)}`, async () => {
      await using running = await ServerProcess.start(server.command, {
        env: { JSOCKD_LOG_PREFIX: prefix },
      });
      const connection = await running.connect();
      await connection.send(COMMAND_WITH_WARNING);
      await connection.next();
      const { message } = await running.log(/truncated/);
      assert(!/^[ab]/.test(message), message);
      assertEquals(running.logs.length, 1);
    });
  }
}
