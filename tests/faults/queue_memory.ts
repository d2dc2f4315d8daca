/**
 * Queues 10,000 commands behind one that waits, and prints what that costs as JSON. The argument is
 * how long their query is. The parameters are there before and do not count; what is measured is what
 * is left after garbage was collected: run it with `--v8-flags=--expose-gc`.
 */
import { embeddedServer } from "../../src/embedded/mod.ts";
import { initJSockDClient } from "../../mod.ts";
import { quiet } from "../support/quiet.ts";
import { measureMemory } from "./memory.ts";

/** What 10,000 commands cost. */
export interface MemoryReport {
  /** More on and off the heap of JavaScript. */
  readonly heapBytes: number;
  /** More of the process, which keeps what it once had. */
  readonly residentBytes: number;
  /** Commands that were answered, and rightly. */
  readonly right: number;
}

const COUNT = 10_000;

if (import.meta.main) {
  const query = "(_, text) => text.length /*".padEnd(Number(Deno.args[0]) - 2, "*") + "*/";
  const params = Array.from({ length: COUNT }, (_, n) => "x".repeat(n % 100));
  await using client = await initJSockDClient(quiet({ nThreads: 1 }), embeddedServer());
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const { promise: waiting, resolve: wait } = Promise.withResolvers<void>();
  const first = client.run("() => JSockD.sendMessage(1)", null, () => (wait(), gate));
  await waiting;

  const before = measureMemory();
  const commands = params.map((param) => client.run<number>(query, param));
  const after = measureMemory();

  open();
  await first;
  const results = await Promise.all(commands);
  const report: MemoryReport = {
    heapBytes: after.heapUsed + after.external - before.heapUsed - before.external,
    residentBytes: after.rss - before.rss,
    right: results.filter((length, n) => length === params[n]!.length).length,
  };
  console.log(JSON.stringify(report));
}
