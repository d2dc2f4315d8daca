import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { initJSockDClient, JSockDClientError, JSockDJSException } from "../../mod.ts";
import { servers } from "../conformance/servers.ts";
import { quiet } from "../support/quiet.ts";

for (const { name, command, version } of servers) {
  const config = quiet({ nThreads: 2, jsockdVersion: version });

  Deno.test(`${name}: runAll() resolves to the results in the order of the parameters`, async () => {
    await using client = await initJSockDClient(config, command);
    const params = Array.from({ length: 2_000 }, (_, n) => n);
    const doubled = params.map((n) => n * 2);
    assertEquals(await client.runAll((_, n: number) => n * 2, params), doubled);
    assertEquals(await client.runAll<number>("(_, n) => n * 2", new Set(params)), doubled);
    assertEquals(await client.runAll("() => 1", []), []);
  });

  Deno.test(`${name}: runAll() answers the messages of each command`, async () => {
    await using client = await initJSockDClient(config, command);
    const results = await client.runAll(
      "(_, n) => JSockD.sendMessage(n)",
      [1, 2, 3],
      (n) => n * 10,
    );
    assertEquals(results, [10, 20, 30]);
  });

  Deno.test(`${name}: runAll() rejects and starts no further command when one fails`, async () => {
    await using client = await initJSockDClient({ ...config, maxPipelineDepth: 1 }, command);
    const params = Array.from({ length: 1_000 }, (_, n) => n);
    await assertRejects(
      () => client.runAll("(_, n) => { if (n === 5) throw new Error('five'); return n }", params),
      JSockDJSException,
      "five",
    );
    await assertRejects(() => client.runAll("(_, n) => n", [1, 2n]), JSockDClientError, "BigInt");
    assert(client.stats().completed < 1_000);
  });

  Deno.test(`${name}: command() returns a function that runs the query many times`, async () => {
    await using client = await initJSockDClient(config, command);
    const increment = client.command((_, n: number) => n + 1);
    const ask = client.command<number>("(_, n) => JSockD.sendMessage(n)");
    assertEquals(await Promise.all([increment(1), increment(2)]), [2, 3]);
    assertEquals(await ask(20, { messageHandler: (n) => n + 1 }), 21);
    const { samples, p50Us, p99Us } = client.stats().latency;
    assertEquals(samples, 3);
    assert(p50Us > 0 && p50Us <= p99Us);
  });

  Deno.test(`${name}: command() throws when the query cannot be sent`, async () => {
    await using client = await initJSockDClient(config, command);
    for (const query of ["", "?quit", "a\0b", "x".repeat(1 << 20)]) {
      const error = assertThrows(() => client.command(query), JSockDClientError);
      assertEquals(error.code, "INVALID_COMMAND");
    }
    assertThrows(() => client.command(Math.max as never), JSockDClientError, "native");
  });
}
