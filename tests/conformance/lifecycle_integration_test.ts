import { assert, assertEquals } from "@std/assert";
import { encodeCommand } from "../../src/protocol/mod.ts";
import { exists } from "../support/files.ts";
import { ServerProcess } from "../support/server_process.ts";
import { servers } from "./servers.ts";

for (const server of servers) {
  Deno.test(`${server.name}: READY states the number of sockets and the version once all sockets can be used`, async () => {
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

  Deno.test(`${server.name}: exits with 0 and removes its sockets, of mode 0600, when it gets SIGTERM`, async () => {
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

  Deno.test(`${server.name}: exits with 0 when it gets SIGTERM while a command runs`, async () => {
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

  Deno.test(`${server.name}: exits with 0 when it gets SIGTERM while a message has no response`, async () => {
    await using running = await ServerProcess.start(server.command);
    const connection = await running.connect();
    assertEquals((await connection.run("() => JSockD.sendMessage(1)")).type, "message");
    running.kill("SIGTERM");
    assertEquals((await running.exited()).code, 0);
  });

  Deno.test(`${server.name}: exits with 0 after its reply when it gets ?quit`, async () => {
    await using running = await ServerProcess.start(server.command, { sockets: 2 });
    const other = await running.connect(0);
    const connection = await running.connect(1);
    assertEquals(await connection.control("?quit"), "quit");
    assertEquals(await connection.next(), undefined);
    assertEquals(await other.next(), undefined);
    assertEquals((await running.exited()).code, 0);
    for (const path of running.sockets) assertEquals(exists(path), false);
  });

  Deno.test(`${server.name}: exits with 0 when any connection is closed`, async () => {
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

  Deno.test(`${server.name}: a socket does not serve a second connection when it has one`, async () => {
    await using running = await ServerProcess.start(server.command);
    const first = await running.connect();
    assertEquals(await first.value("() => 1"), 1);
    const second = await running.connect().catch(() => undefined);
    await second?.send(encodeCommand("c", "() => 2", "null")).catch(() => {});
    for (let i = 0; i < 20; i++) assertEquals(await first.value("(_, n) => n", `${i}`), i);
    assertEquals(await first.control("?quit"), "quit");
    assertEquals((await running.exited()).code, 0);
    // The second connection may have been refused, or accepted and never served.
    assertEquals(await second?.next(), undefined);
  });

  Deno.test(`${server.name}: serves a connection when other sockets have none`, async () => {
    await using running = await ServerProcess.start(server.command, { sockets: 3 });
    const connection = await running.connect(2);
    assertEquals(await connection.value("() => 1"), 1);
  });
}
