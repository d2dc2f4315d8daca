import { assert, assertEquals } from "@std/assert";
import { encodeCommand } from "../../src/protocol/mod.ts";
import { exists } from "../support/files.ts";
import { ServerProcess } from "../support/server_process.ts";
import { servers } from "./servers.ts";

for (const server of servers) {
  Deno.test(`${server.name}: READY names the sockets and the version when all can be used`, async () => {
    for (const sockets of [1, 3]) {
      await using running = await ServerProcess.start(server.command, { sockets });
      const { threads, version } = await running.ready;
      assertEquals(threads, sockets);
      assertEquals(version.replaceAll('"', ""), server.version);
      for (let i = 0; i < sockets; i++) {
        const connection = await running.connect(i);
        assertEquals(await connection.value("(_, n) => n", `${i}`), i);
      }
      assertEquals(running.stdout, []);
    }
  });

  Deno.test(`${server.name}: socket files have mode 0600 and are gone after SIGTERM, status 0`, async () => {
    await using running = await ServerProcess.start(server.command, { sockets: 2 });
    for (const path of running.sockets) {
      const info = await Deno.stat(path);
      assert(info.isSocket);
      assertEquals((info.mode ?? 0) & 0o777, 0o600);
    }
    running.kill("SIGTERM");
    const { code, signal } = await running.exited();
    assertEquals([code, signal], [0, null]);
    for (const path of running.sockets) assertEquals(exists(path), false);
  });

  Deno.test(`${server.name}: SIGTERM ends it with status 0 when a command runs`, async () => {
    await using running = await ServerProcess.start(server.command, {
      args: ["-b", "00", "-t", "600000000"],
    });
    const connection = await running.connect();
    await connection.send(
      encodeCommand("c", "() => { console.log('started'); for (;;); }", "null"),
    );
    await running.log(/started/);
    running.kill("SIGTERM");
    assertEquals((await running.exited()).code, 0);
  });

  Deno.test(`${server.name}: SIGTERM ends it with status 0 when a message is unanswered`, async () => {
    await using running = await ServerProcess.start(server.command);
    const connection = await running.connect();
    assertEquals((await connection.run("() => JSockD.sendMessage(1)")).type, "message");
    running.kill("SIGTERM");
    assertEquals((await running.exited()).code, 0);
  });

  Deno.test(`${server.name}: ?quit is answered and ends it with status 0`, async () => {
    await using running = await ServerProcess.start(server.command, { sockets: 2 });
    const other = await running.connect(0);
    const connection = await running.connect(1);
    assertEquals(await connection.control("?quit"), "quit");
    assertEquals(await connection.next(), undefined);
    assertEquals(await other.next(), undefined);
    assertEquals((await running.exited()).code, 0);
    for (const path of running.sockets) assertEquals(exists(path), false);
  });

  Deno.test(`${server.name}: closing any one connection ends it with status 0`, async () => {
    await using running = await ServerProcess.start(server.command, { sockets: 3 });
    const first = await running.connect(0);
    assertEquals(await first.value("() => 1"), 1);
    const second = await running.connect(1);
    assertEquals(await second.value("() => 1"), 1);
    second[Symbol.dispose]();
    assertEquals(await first.next(), undefined);
    assertEquals((await running.exited()).code, 0);
    for (const path of running.sockets) assertEquals(exists(path), false);
  });

  Deno.test(`${server.name}: a socket serves one connection, and no second one`, async () => {
    await using running = await ServerProcess.start(server.command);
    const first = await running.connect();
    assertEquals(await first.value("() => 1"), 1);
    const second = await running.connect().catch(() => undefined);
    await second?.send(encodeCommand("c", "() => 2", "null")).catch(() => {});
    for (let i = 0; i < 20; i++) assertEquals(await first.value("(_, n) => n", `${i}`), i);
    assertEquals(await first.control("?quit"), "quit");
    assertEquals((await running.exited()).code, 0);
    // Whatever became of the second connection, nobody has answered on it.
    assertEquals(await second?.next(), undefined);
  });

  Deno.test(`${server.name}: it does not wait for every socket to be connected to`, async () => {
    await using running = await ServerProcess.start(server.command, { sockets: 3 });
    const connection = await running.connect(2);
    assertEquals(await connection.value("() => 1"), 1);
  });
}
