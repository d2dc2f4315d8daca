import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { servers } from "../conformance/servers.ts";
import { runDeno, stdoutOf } from "../support/run_to_end.ts";
import { ECHO } from "./callers.ts";
import { startClient } from "../support/start_client.ts";
import { HostileServer } from "./hostile.ts";
import type { MemoryReport } from "./queue_memory.ts";

/** The memory that 10,000 queued commands may take, in addition to their parameters. */
const MAX_QUEUE_BYTES = 20_000_000;

/** Parameters that take many writes, all different in length and text. */
const largeParams = Array.from({ length: 40 }, (_, n) => `${n}:`.repeat(50_000 + n * 1_000));

Deno.test("run() does not mix up large parameters when the server reads slowly", async () => {
  await using hostile = await HostileServer.start({ nThreads: 2 }, "reads slowly");
  const { client } = hostile;
  const outcomes = await Promise.all(largeParams.map((param) => client.run(ECHO, param)));
  for (const [i, outcome] of outcomes.entries()) assert(outcome === largeParams[i]);
});

for (const server of servers) {
  Deno.test(`${server.name}: run() does not mix up large and small parameters`, async () => {
    const config = { nThreads: 2, maxCommandRuntimeUs: 10_000_000 };
    await using client = await startClient(server, config);
    const params = largeParams.flatMap((param, n) => [param, n]);
    const outcomes = await Promise.all(params.map((param) => client.run<unknown>(ECHO, param)));
    for (const [i, outcome] of outcomes.entries()) assert(outcome === params[i]);
  });

  Deno.test(`${server.name}: run() resolves all of 10,000 concurrent commands`, async () => {
    await using client = await startClient(server, { nThreads: 2 });
    const commands = Array.from({ length: 10_000 }, (_, n) => client.run<number>(ECHO, n));
    assertEquals(await Promise.all(commands), commands.map((_, n) => n));
  });
}

for (const queryLength of [20, 20_000]) {
  Deno.test(`run() takes less than 20 MB for 10,000 queued commands when each has ${queryLength} characters`, async () => {
    const program = fromFileUrl(new URL("./queue_memory.ts", import.meta.url));
    const args = ["run", "--quiet", "-A", "--v8-flags=--expose-gc", program, `${queryLength}`];
    const stdout = await stdoutOf(runDeno(args));
    const report: MemoryReport = JSON.parse(stdout);
    assertEquals(report.right, 10_000);
    assert(report.heapBytes < MAX_QUEUE_BYTES, stdout);
    assert(report.residentBytes < 2 * MAX_QUEUE_BYTES, stdout);
  });
}
