import { assert, assertEquals } from "@std/assert";
import { encodeCommand, type JSockDRecord } from "../../src/protocol/mod.ts";
import type { Connection } from "../support/connection.ts";
import { ServerProcess } from "../support/server_process.ts";
import { servers } from "./servers.ts";

/** A command that makes the runtime's memory grow. */
const GROW =
  "(_, n) => { globalThis.kept ??= []; kept.push(new Array(n).fill(kept.length)); return kept.length; }";

for (const server of servers) {
  Deno.test(`${server.name}: commands in one write get their records in order`, async (t) => {
    await using running = await ServerProcess.start(server.command, {
      args: ["-b", "00", "-t", "1000000"],
    });
    const connection = await running.connect();

    await t.step("when there are 1,000", async () => {
      const records = await pipeline(connection, 1000, (i) => ["(_, n) => n * 2", `${i}`]);
      records.forEach((record, i) =>
        assertEquals(record, { type: "ok", id: `${i}`, data: `${i * 2}` })
      );
    });

    await t.step("when some throw, do not compile or return undefined", async () => {
      const queries = ["(_, n) => n", "(_, n) => { throw n; }", "() => {", "() => undefined"];
      const records = await pipeline(connection, 400, (i) => [queries[i % 4] ?? "", `${i}`]);
      records.forEach((record, i) => {
        assert(record?.type === (i % 4 === 0 ? "ok" : "exception"), JSON.stringify(record));
        assertEquals(record.id, `${i}`);
        if (i % 4 === 0) assertEquals(record.data, `${i}`);
        if (i % 4 === 1) assertEquals(JSON.parse(record.data).errorMessage, `${i}`);
      });
    });

    await t.step("when some are interrupted", async () => {
      const records = await pipeline(
        connection,
        300,
        (i) => [i % 100 === 50 ? "() => { for (;;); }" : "(_, n) => n", `${i}`],
      );
      records.forEach((record, i) => {
        assert(record?.type === (i % 100 === 50 ? "exception" : "ok"), JSON.stringify(record));
        assertEquals(record.id, `${i}`);
        if (i % 100 !== 50) assertEquals(record.data, `${i}`);
      });
    });

    await t.step("when they exceed the socket's buffer", async () => {
      const text = "x".repeat(100_000);
      const records = await pipeline(connection, 60, (i) => ["(_, p) => p", `"${i}${text}"`]);
      records.forEach((record, i) =>
        assert(record?.type === "ok" && record.id === `${i}` && record.data === `"${i}${text}"`)
      );
    });

    await t.step("when control commands are between them", async () => {
      await connection.send("a\0() => 1\x001\0?reset\0b\0() => 2\x001\0?other\0c\0() => 3\x001\0");
      const records = [];
      for (let i = 0; i < 5; i++) records.push(await connection.next());
      assertEquals(records, [
        { type: "ok", id: "a", data: "1" },
        { type: "control", text: "reset" },
        { type: "ok", id: "b", data: "2" },
        { type: "control", text: "bad command" },
        { type: "ok", id: "c", data: "3" },
      ]);
    });
  });

  Deno.test(`${server.name}: replaces a runtime when its memory keeps growing`, async (t) => {
    await using running = await ServerProcess.start(server.command, {
      args: ["-b", "00", "-t", "20000000"],
    });
    const connection = await running.connect();

    await t.step("without a wrong record for commands in one write", async () => {
      const records = await pipeline(connection, 3000, () => [
        GROW,
        String(server.differences.leakedNumbers),
      ]);
      const sizes = records.map((record, i) => {
        assert(record?.type === "ok", JSON.stringify(record));
        assertEquals(record.id, `${i}`);
        return Number(record.data);
      });
      assertEquals(sizes[0], 1);
      // Each command adds one entry, or is the first in a new runtime.
      sizes.forEach((size, i) => assert(size === 1 || size === (sizes[i - 1] ?? 0) + 1));
      const replaced = sizes.filter((size) => size === 1).length - 1;
      assert(replaced >= 1, "No runtime was replaced in 3,000 commands");
      const first = sizes.indexOf(1, 1);
      assert(first >= 300, `Replaced after ${first} commands, which is too soon`);
    });

    await t.step("and logs it", async () => {
      assertEquals((await running.log(/Memory usage has increased/)).level, "ERROR");
    });
  });

  Deno.test(`${server.name}: caches compiled queries by their text`, async (t) => {
    await using running = await ServerProcess.start(server.command);
    const connection = await running.connect();

    await t.step("and evaluates a query again for each command", async () => {
      const query =
        "(() => { globalThis.n = (globalThis.n ?? 0) + 1; return () => globalThis.n; })()";
      for (let i = 1; i <= 3; i++) assertEquals(await connection.value(query), i);
    });

    await t.step(
      "and returns the right results for more queries than the cache holds",
      async () => {
        for (let round = 0; round < 2; round++) {
          const records = await pipeline(connection, 1500, (i) => [`(_, n) => n + ${i}`, "1"]);
          records.forEach((record, i) =>
            assertEquals(record, { type: "ok", id: `${i}`, data: `${i + 1}` })
          );
        }
      },
    );

    await t.step("and reports the same error each time for one that does not compile", async () => {
      for (let i = 0; i < 3; i++) {
        assertEquals(await connection.exception("() => {"), "error compiling command");
      }
    });
  });
}

/** Sends commands without waiting for results, and returns their records. */
async function pipeline(
  connection: Connection,
  count: number,
  command: (index: number) => [query: string, param: string],
): Promise<(JSockDRecord | undefined)[]> {
  const commands = Array.from({ length: count }, (_, i) => encodeCommand(`${i}`, ...command(i)));
  const sent = connection.send(new Uint8Array(await new Blob(commands).arrayBuffer()));
  const records: (JSockDRecord | undefined)[] = [];
  for (let i = 0; i < count; i++) records.push(await connection.next());
  await sent;
  return records;
}
