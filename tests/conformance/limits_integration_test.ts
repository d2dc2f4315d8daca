import { assertEquals } from "@std/assert";
import { encodeCommand, MAX_FIELD_BYTES, MAX_ID_BYTES } from "../../src/protocol/mod.ts";
import { ServerProcess } from "../support/server_process.ts";
import { servers } from "./servers.ts";

for (const server of servers) {
  Deno.test(`${server.name}: fields have limited lengths`, async (t) => {
    await using running = await ServerProcess.start(server.command, {
      args: ["-b", "00", "-t", "20000000"],
    });
    const connection = await running.connect();

    await t.step(
      "a parameter is accepted if it has just under 1 MiB, counted in bytes",
      async () => {
        const length = (MAX_FIELD_BYTES - 3) / 2;
        const param = `"${"é".repeat(length)}-"`;
        assertEquals(new TextEncoder().encode(param).length, MAX_FIELD_BYTES);
        assertEquals(await connection.value("(_, p) => p.length", param), length + 1);
      },
    );

    await t.step("a longer parameter is refused, and the next command still runs", async () => {
      for (const length of [MAX_FIELD_BYTES + 1, 3 * MAX_FIELD_BYTES]) {
        const param = `"${"x".repeat(length - 2)}"`;
        await connection.send(`a\0(_, p) => p.length\0${param}\0b\0(_, p) => p\x001\0`);
        assertEquals(await connection.next(), {
          type: "exception",
          id: "a",
          data: `"jsockd command was too long"`,
        });
        assertEquals(await connection.next(), { type: "ok", id: "b", data: "1" });
      }
    });

    await t.step("a query is accepted if it has just under 1 MiB", async () => {
      const query = "() => 7 //".padEnd(MAX_FIELD_BYTES, "x");
      assertEquals(await connection.value(query), 7);
    });

    await t.step("a longer query is refused as not a function", async () => {
      const query = "() => 7 //".padEnd(MAX_FIELD_BYTES + 1, "x");
      await connection.send(`a\0${query}\x001\0`);
      const { type, data } = await connection.nextOfCommand();
      assertEquals([type, JSON.parse(data).errorMessage], [
        "exception",
        "TypeError: not a function",
      ]);
      assertEquals(await connection.value("() => 1"), 1);
    });

    await t.step("an ID is truncated to 32 bytes with a warning", async () => {
      const id = "i".repeat(MAX_ID_BYTES);
      assertEquals((await connection.run("() => 1", "1", id)).id, id);
      assertEquals(running.logs, []);
      await connection.send(`${id}j\0() => 1\x001\0`);
      assertEquals(await connection.next(), { type: "ok", id, data: "1" });
      assertEquals((await running.log(/truncated/)).level, "WARN");
    });

    await t.step("an ID may contain characters other than letters and digits", async () => {
      const id = `é😀"{}?`;
      assertEquals((await connection.run("() => 1", "1", id)).id, id);
    });
  });

  Deno.test(`${server.name}: a separator inside a field shifts all later fields until ?reset`, async () => {
    await using running = await ServerProcess.start(server.command);
    const connection = await running.connect();
    // Meant as one command. The server takes the first three fields as a command, and "1" as an ID.
    await connection.send(`a\0() => "x\0y"\x001\0`);
    assertEquals(await connection.next(), {
      type: "exception",
      id: "a",
      data: `"error compiling command"`,
    });
    await connection.send("b\0() => 2\0");
    assertEquals((await connection.nextOfCommand()).id, "1");
    await connection.reset();
    assertEquals(await connection.run("() => 3", "1", "c"), { type: "ok", id: "c", data: "3" });
  });

  Deno.test(`${server.name}: a command is executed when its bytes arrive one by one`, async () => {
    await using running = await ServerProcess.start(server.command);
    const connection = await running.connect();
    const bytes = encodeCommand("a", "(_, p) => p + 'é'", `"ü😀"`);
    for (const byte of bytes) await connection.send(Uint8Array.of(byte));
    assertEquals(await connection.next(), { type: "ok", id: "a", data: `"ü😀é"` });
  });
}
