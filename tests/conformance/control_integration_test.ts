import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Connection } from "../support/connection.ts";
import { ServerProcess } from "../support/server_process.ts";
import { servers } from "./servers.ts";

for (const server of servers) {
  Deno.test(`${server.name}: control commands are executed`, async (t) => {
    await using running = await ServerProcess.start(server.command);
    const connection = await running.connect();

    await t.step("?exectime returns the duration of the last command in nanoseconds", async () => {
      await connection.value(
        "() => { const end = Date.now() + 5; while (Date.now() < end); return 1; }",
      );
      const time = await connection.control("?exectime");
      assertMatch(time, /^\d+$/);
      // Less than 5 ms, because the clock may have been about to tick.
      assert(Number(time) >= 3_000_000 && Number(time) < 60_000_000_000, time);
    });

    await t.step("?memusage returns the allocated memory", async () => {
      const before = await memoryUsage(connection);
      await connection.value(`() => { globalThis.kept = new Uint8Array(1 << 20); return 1; }`);
      const after = await memoryUsage(connection);
      assert(after - before >= 1 << 20, `${before} → ${after}`);
    });

    await t.step("an unknown one is a bad command", async () => {
      assertEquals(await connection.control("?other"), "bad command");
      assertEquals(await connection.control("?"), "bad command");
      assertEquals(await connection.control("?quit now"), "bad command");
      assertEquals(await connection.value("() => 1"), 1);
    });

    for (const part of ["", "a\0", "a\0() => 1\0"]) {
      await t.step(
        `?reset discards a partial command such as ${JSON.stringify(part)}`,
        async () => {
          await connection.send(part);
          assertEquals(await connection.control("?reset"), "reset");
          assertEquals(await connection.run("(_, n) => n", "5", "b"), {
            type: "ok",
            id: "b",
            data: "5",
          });
        },
      );
    }

    await t.step("one in place of a query or a parameter is executed too", async () => {
      await connection.send("a\0?other\0(_, n) => n\0?other\x007\0");
      assertEquals(await connection.next(), { type: "control", text: "bad command" });
      assertEquals(await connection.next(), { type: "control", text: "bad command" });
      assertEquals(await connection.next(), { type: "ok", id: "a", data: "7" });
    });

    await t.step("?quit in place of a parameter stops the server", async () => {
      await connection.send("a\0(_, n) => n\0?quit\0");
      assertEquals(await connection.next(), { type: "control", text: "quit" });
      assertEquals(await connection.next(), undefined);
      assertEquals((await running.exited()).code, 0);
    });
  });
}

async function memoryUsage(connection: Connection): Promise<number> {
  const usage = await connection.control("?memusage");
  const match = /^\{"malloc_size":(\d+),"malloc_count":\d+\}$/.exec(usage);
  assert(match?.[1] !== undefined, usage);
  return Number(match[1]);
}
