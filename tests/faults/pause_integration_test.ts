import { assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { servers } from "../conformance/servers.ts";
import { startClient } from "../support/start_client.ts";

/** More than jsockd evaluates before it looks at its clock. */
const COMMANDS = 3_000;

const LIMIT_US = 500;

/** Longer than a command may run. */
const PAUSE_MS = 1;

for (const server of servers.filter(({ differences }) => !differences.runsAhead)) {
  Deno.test(`${server.name}: run() keeps a server from taking pauses for running time`, async () => {
    await using client = await startClient(server, { nThreads: 1, maxCommandRuntimeUs: LIMIT_US });
    for (let n = 0; n < COMMANDS; n++) {
      assertEquals(await client.run("(_, n) => n + 1", n), n + 1);
      await delay(PAUSE_MS);
    }
    assertEquals(client.stats().inFlight, 0);
  });
}
