/**
 * Queues 10,000 commands behind one that waits, and prints the memory that they take as JSON. The
 * argument is the length of their query. Their parameters do not count, as they exist before.
 * Memory is measured after a garbage collection, which needs `--v8-flags=--expose-gc`.
 */
import { embeddedServer } from "../../src/embedded/mod.ts";
import { initJSockDClient } from "../../mod.ts";
import { quiet } from "../support/quiet.ts";
import { measureMemory } from "./memory.ts";

/** The memory that 10,000 commands take. */
export interface MemoryReport {
  /** The growth of JavaScript's memory, on and off the heap. */
  readonly heapBytes: number;
  /** The growth of the process, which does not give freed memory back. */
  readonly residentBytes: number;
  /** The number of commands with the right result. */
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
