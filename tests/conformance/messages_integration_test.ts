import { assert, assertEquals, assertMatch } from "@std/assert";
import { encodeMessageResponse, INTERNAL_ERROR } from "../../src/protocol/mod.ts";
import type { Connection } from "../support/connection.ts";
import { delay } from "@std/async/delay";
import { ServerProcess } from "../support/server_process.ts";
import { servers } from "./servers.ts";

/** Bytes that a client sends besides the response itself: the ID `c` and two separators. */
const OVERHEAD_BYTES = 3;

for (const server of servers) {
  Deno.test(`${server.name}: JSockD.sendMessage() exchanges messages with the client`, async (t) => {
    await using running = await ServerProcess.start(server.command, {
      args: ["-b", "00", "-t", "20000000"],
    });
    const connection = await running.connect();
    const respond = async (response: string) =>
      await connection.send(encodeMessageResponse("c", response));

    await t.step("sends a value and returns the response", async () => {
      const query = "(_, n) => JSockD.sendMessage({ n, text: 'é😀\\n' }).x * 2";
      assertEquals(await connection.run(query, "5"), {
        type: "message",
        id: "c",
        data: `{"n":5,"text":"é😀\\n"}`,
      });
      await respond(`{"x":21}`);
      assertEquals(await connection.next(), { type: "ok", id: "c", data: "42" });
    });

    await t.step("returns any JSON value", async () => {
      for (const json of ["null", "0", `"é😀\\n"`, "[]", "{}", "false"]) {
        assertEquals((await connection.run("() => JSockD.sendMessage(null)")).type, "message");
        await respond(json);
        assertEquals(await connection.next(), { type: "ok", id: "c", data: json });
      }
    });

    await t.step("may be called many times by one command", async () => {
      const query =
        "(_, n) => { let sum = 0; for (let i = 0; i < n; i++) sum += JSockD.sendMessage(i); return sum; }";
      let record = await connection.run(query, "50");
      for (let i = 0; i < 50; i++) {
        assertEquals(record, { type: "message", id: "c", data: `${i}` });
        await respond(`${i * 2}`);
        record = await connection.nextOfCommand();
      }
      assertEquals(record, { type: "ok", id: "c", data: `${49 * 50}` });
    });

    await t.step("may be called in an async function", async () => {
      const query = "async () => { await null; return JSockD.sendMessage(1) + 1; }";
      assertEquals((await connection.run(query)).data, "1");
      await respond("2");
      assertEquals((await connection.nextOfCommand()).data, "3");
    });

    await t.step("throws when the client responds with an internal error", async () => {
      const error = await exceptionAfter(connection, INTERNAL_ERROR);
      assertMatch(
        error,
        /^InternalError: Error sending message via JSockD: Client indicated internal error in its message handler/,
      );
    });

    await t.step("can be called again after JavaScript has caught that error", async () => {
      const query =
        "() => { try { JSockD.sendMessage(1); } catch (e) { return [e.name, JSockD.sendMessage(2)]; } }";
      assertEquals((await connection.run(query)).data, "1");
      await respond(INTERNAL_ERROR);
      assertEquals((await connection.nextOfCommand()).data, "2");
      await respond("3");
      assertEquals((await connection.nextOfCommand()).data, `["InternalError",3]`);
    });

    await t.step("throws when the response is not JSON", async () => {
      assertMatch(await exceptionAfter(connection, "{bad"), /Bad JSON in message response/);
    });

    await t.step("throws when the response has another command's ID", async () => {
      await connection.run("() => JSockD.sendMessage(1)");
      await connection.send(encodeMessageResponse("d", "1"));
      const { type, data } = await connection.nextOfCommand();
      assertEquals(type, "exception");
      assertMatch(JSON.parse(data).errorMessage, /mismatched command id/);
    });

    await t.step(
      "takes a partial response for the whole if it ends in a separator, or waits",
      async () => {
        await connection.run("() => JSockD.sendMessage(1)");
        await connection.send("c\0");
        if (!server.differences.takesPartForAnswer) await connection.send("2\0");
        const { type, data } = await connection.nextOfCommand();
        if (server.differences.takesPartForAnswer) {
          assertEquals(type, "exception");
          assertMatch(JSON.parse(data).errorMessage, /Bad JSON in message response/);
        } else {
          assertEquals([type, data], ["ok", "2"]);
        }
      },
    );

    await t.step("throws and sends nothing when the value cannot be JSON", async () => {
      for (const value of ["1n", "(() => { const a = []; a.push(a); return a; })()"]) {
        const { errorMessage } = await connection.exception(`() => JSockD.sendMessage(${value})`);
        assertMatch(
          errorMessage,
          /^TypeError: JSockD.sendMessage argument must be JSON serializable/,
        );
      }
    });

    await t.step("sends the word undefined when the value is undefined", async () => {
      assertEquals((await connection.run("() => JSockD.sendMessage(undefined)")).data, "undefined");
      await respond("1");
      assertEquals((await connection.nextOfCommand()).data, "1");
    });

    await t.step("throws when called without an argument", async () => {
      const { errorMessage } = await connection.exception("() => JSockD.sendMessage()");
      assertMatch(errorMessage, /requires 1-3 arguments/);
    });

    await t.step("does not affect the next command", async () => {
      assertEquals(await connection.value("(_, n) => n", "1"), 1);
    });
  });

  Deno.test(`${server.name}: accepts a late response, and interrupts the command if it then runs past -t`, async () => {
    await using running = await ServerProcess.start(server.command, {
      args: ["-b", "00", "-t", "500000"],
    });
    const connection = await running.connect();
    const work = "let sum = 0; for (let i = 0; i < 300000; i++) sum += i;";

    // The work alone is within the limit.
    assertEquals(await connection.value(`() => { ${work} return 1; }`), 1);

    if (server.differences.lateAnswers) {
      await connection.run("() => JSockD.sendMessage(1)");
      await delay(700);
      await connection.send(encodeMessageResponse("c", "2"));
      assertEquals((await connection.nextOfCommand()).data, "2");
    }

    await connection.run(`() => { JSockD.sendMessage(1); ${work} return 3; }`);
    await delay(700);
    await connection.send(encodeMessageResponse("c", "2"));
    const { type, data } = await connection.nextOfCommand();
    assertEquals(type, "exception");
    assertMatch(JSON.parse(data).errorMessage, /^InternalError: interrupted/);
    await connection.reset();
    assertEquals(await connection.value("() => 1"), 1);
  });

  Deno.test(`${server.name}: the response to a message has a limited length`, async (t) => {
    await using running = await ServerProcess.start(server.command, {
      // jsockd before 0.1 waits only a thousandth of this time for the rest of a response.
      args: ["-b", "00", "-t", "20000000000"],
    });
    const connection = await running.connect();
    const query = "() => JSockD.sendMessage(1).length";

    for (const length of [300_000, 1_048_575 - OVERHEAD_BYTES]) {
      await t.step(`which ${length} bytes do not exceed`, async () => {
        await connection.run(query);
        await connection.send(encodeMessageResponse("c", `"${"x".repeat(length - 2)}"`));
        assertEquals(await connection.next(), { type: "ok", id: "c", data: `${length - 2}` });
      });
    }

    for (const length of [1_048_576 - OVERHEAD_BYTES, 3_000_000]) {
      await t.step(`which ${length} bytes exceed`, async () => {
        await connection.run(query);
        await connection.send(`c\0"${"x".repeat(length - 2)}"\0`);
        const { type, data } = await connection.nextOfCommand();
        assertEquals(type, "exception");
        assertMatch(JSON.parse(data).errorMessage, /Message response too big/);
        await connection.reset();
        assertEquals(await connection.value("() => 1"), 1);
      });
    }
  });

  Deno.test(`${server.name}: serves the next command after ?reset when a large response was accepted or not`, async () => {
    await using running = await ServerProcess.start(server.command, {
      args: ["-b", "00", "-t", "10000000"],
    });
    const connection = await running.connect();
    await connection.run(
      "() => { const end = Date.now() + 20; while (Date.now() < end); return JSockD.sendMessage(1).length; }",
    );
    await connection.send(encodeMessageResponse("c", `"${"x".repeat(800_000)}"`));
    const { type, data } = await connection.nextOfCommand();
    if (type === "exception" && !server.differences.largeAnswers) {
      assertMatch(JSON.parse(data).errorMessage, /Timeout waiting for message response/);
    } else {
      assertEquals([type, data], ["ok", "800000"]);
    }
    await connection.reset();
    assertEquals(await connection.value("() => 1"), 1);
  });

  Deno.test(`${server.name}: two threads run commands at the same time`, async () => {
    await using running = await ServerProcess.start(server.command, { sockets: 2 });
    const connections = [await running.connect(0), await running.connect(1)] as const;
    // Both commands are now running and wait for their responses.
    for (const connection of connections) {
      assertEquals((await connection.run("() => JSockD.sendMessage(1)")).type, "message");
    }
    for (const connection of connections.toReversed()) {
      await connection.send(encodeMessageResponse("c", "2"));
      assertEquals(await connection.next(), { type: "ok", id: "c", data: "2" });
    }
  });

  Deno.test(`${server.name}: a thread runs commands when another is busy`, async () => {
    await using running = await ServerProcess.start(server.command, {
      sockets: 2,
      args: ["-b", "00", "-t", "600000000"],
    });
    const busy = await running.connect(0);
    const other = await running.connect(1);
    await busy.send("c\0() => { console.log('started'); for (;;); }\0null\0");
    await running.log(/started/);
    for (let i = 0; i < 20; i++) assertEquals(await other.value("(_, n) => n", `${i}`), i);
    assert(await other.control("?quit") === "quit");
    assertEquals((await running.exited()).code, 0);
  });
}

async function exceptionAfter(connection: Connection, response: string): Promise<string> {
  assertEquals((await connection.run("() => JSockD.sendMessage(1)")).type, "message");
  await connection.send(encodeMessageResponse("c", response));
  const { type, data } = await connection.nextOfCommand();
  assertEquals(type, "exception");
  return JSON.parse(data).errorMessage;
}
