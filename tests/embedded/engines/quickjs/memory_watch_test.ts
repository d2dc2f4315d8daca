import { assertEquals } from "@std/assert";
import { MemoryWatch } from "../../../../src/embedded/engines/quickjs/memory_watch.ts";

/** After how many commands growth is noticed; undefined if it never is. */
function noticed(usage: (commands: number) => number, queries: (commands: number) => number) {
  const watch = new MemoryWatch();
  for (let commands = 1; commands <= 2000; commands++) {
    const runtime = { memoryUsage: () => ({ size: usage(commands), count: 0 }) };
    if (watch.hasGrown(runtime, queries(commands))) return commands;
  }
  return undefined;
}

Deno.test("MemoryWatch notices growth over 300 commands, once it knows where that began", () => {
  assertEquals(noticed((commands) => commands, () => 1), 400);
});

Deno.test("MemoryWatch leaves alone what does not grow for good", () => {
  assertEquals(noticed(() => 5, () => 1), undefined);
  assertEquals(noticed((commands) => commands % 300, () => 1), undefined);
});

Deno.test("MemoryWatch leaves alone what grows with the number of queries", () => {
  assertEquals(noticed((commands) => commands, (commands) => commands), undefined);
});
