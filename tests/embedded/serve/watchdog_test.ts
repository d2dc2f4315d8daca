import { assertEquals } from "@std/assert";
import { memoryLimitMb } from "../../../src/embedded/serve/watchdog.ts";

Deno.test("memoryLimitMb() grows with the threads when no limit is given", () => {
  const none = { maxMemoryMb: undefined, maxMemoryBytes: undefined };
  assertEquals(memoryLimitMb({ engine: "v8", ...none }, 1), 512 + 128);
  assertEquals(memoryLimitMb({ engine: "v8", ...none }, 8), 512 + 8 * 128);
  assertEquals(memoryLimitMb({ engine: "quickjs", ...none }, 4), 512 + 4 * 320);
});

Deno.test("memoryLimitMb() returns the given limit when there is one", () => {
  const limits = { maxMemoryMb: 100, maxMemoryBytes: 200 << 20 };
  assertEquals(memoryLimitMb({ engine: "v8", ...limits }, 8), 100);
  assertEquals(memoryLimitMb({ engine: "v8", ...limits, maxMemoryMb: undefined }, 8), 200);
});

Deno.test("memoryLimitMb() leaves room for the limit of each thread in QuickJS", () => {
  const limits = { maxMemoryMb: undefined, maxMemoryBytes: 100 << 20 };
  assertEquals(memoryLimitMb({ engine: "quickjs", ...limits }, 4), 512 + 4 * (100 + 64));
});
