import { assertEquals } from "@std/assert";
import { MemoryWatch } from "../../../../src/embedded/engines/quickjs/memory_watch.ts";

/** Returns after how many commands growth is detected, or undefined if it is not. */
function commandsUntilGrowth(
  usage: (commands: number) => number,
  queries: (commands: number) => number,
) {
  const watch = new MemoryWatch();
  for (let commands = 1; commands <= 2000; commands++) {
    const runtime = { memoryUsage: () => ({ size: usage(commands), count: 0 }) };
    if (watch.hasGrown(runtime, queries(commands))) return commands;
  }
  return undefined;
}

Deno.test("hasGrown() returns true when memory grows over 300 commands after the first check", () => {
  assertEquals(commandsUntilGrowth((commands) => commands, () => 1), 400);
});

Deno.test("hasGrown() returns false when memory does not keep growing", () => {
  assertEquals(commandsUntilGrowth(() => 5, () => 1), undefined);
  assertEquals(commandsUntilGrowth((commands) => commands % 300, () => 1), undefined);
});

Deno.test("hasGrown() returns false when the number of cached queries grows, too", () => {
  assertEquals(commandsUntilGrowth((commands) => commands, (commands) => commands), undefined);
});
