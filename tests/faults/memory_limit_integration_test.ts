import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { JSockDJSException, type ServerMemory } from "../../mod.ts";
import { servers } from "../conformance/servers.ts";
import { startClient } from "../support/start_client.ts";
import { assertRecovers, Callers } from "./callers.ts";
import { HostileServer } from "./hostile.ts";
import { assertRejectsWith } from "./rejections.ts";

const BOMB = "() => { const all = []; for (;;) all.push(new Uint8Array(1e7).fill(1)); }";

/** More than a server of any kind takes at rest, and less than a machine has. */
const LIMIT_BYTES = 400 << 20;

/** The server would interrupt the bomb otherwise. */
const LONG = { maxCommandRuntimeUs: 60_000_000, timeoutUs: 60_000_000 };

Deno.test("the client replaces a server that takes too much memory, and warns before", async () => {
  await using hostile = await HostileServer.start({ ...LONG, maxMemoryBytes: LIMIT_BYTES });
  const { client } = hostile;
  const warnings: ServerMemory[] = [];
  client.addEventListener("memory", ({ detail }) => warnings.push(detail));
  const { pid } = client;
  const bomb = hostile.run("take memory without end", 1);
  const queued = client.run("(_, n) => n", 2);
  const error = await assertRejectsWith(bomb, "SERVER_EXITED", "maxMemoryBytes");
  assertMatch(error.message, new RegExp(`took \\d+ bytes of memory, .* ${LIMIT_BYTES}`));
  assertEquals(await queued, 2);
  assertEquals(warnings.length, 1);
  const [{ residentBytes, ...warning }] = warnings as [ServerMemory];
  assertEquals(warning, { pid, limitBytes: LIMIT_BYTES });
  assert(residentBytes > 0.75 * LIMIT_BYTES, `${residentBytes}`);
  assertEquals(client.stats().restarts, 1);
});

for (const server of servers) {
  Deno.test(`${server.name}: a command that takes memory without end costs others nothing`, async () => {
    await using client = await startClient(server, {
      nThreads: 2,
      ...LONG,
      maxMemoryBytes: LIMIT_BYTES,
      maxRestartsPerMinute: 10,
    });
    await using others = new Callers(client, 4);
    await others.moreAnswers(50);
    const outcome = await client.run(BOMB).catch((error) => error);
    assert(outcome instanceof Error, Deno.inspect(outcome));
    assertStringIncludes(outcome.message, "maxMemoryBytes");
    // The server on V8 counts in MiB.
    assertStringIncludes(outcome.message, server.name === "v8" ? "400" : String(LIMIT_BYTES));
    await assertRecovers(client);
    const { wrong, rejected } = await others.stop();
    assertEquals(wrong, 0);
    if (server.name === "embedded") {
      assert(outcome instanceof JSockDJSException);
      assertEquals([rejected, client.stats().restarts], [{}, 0]);
    } else {
      // One command at most was running on the other thread.
      assert((rejected["SERVER_EXITED"] ?? 0) <= 1, Deno.inspect(rejected));
    }
  });
}
