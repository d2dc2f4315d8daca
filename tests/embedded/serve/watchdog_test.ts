import { assertEquals } from "@std/assert";
import { memoryLimitMb } from "../../../src/embedded/serve/watchdog.ts";

Deno.test("memoryLimitMb() grows with the threads when no limit is given", () => {
  const none = { maxMemoryMb: undefined };
  assertEquals(memoryLimitMb({ engine: "v8", ...none }, 1), 512 + 128);
  assertEquals(memoryLimitMb({ engine: "v8", ...none }, 8), 512 + 8 * 128);
  assertEquals(memoryLimitMb({ engine: "quickjs", ...none }, 4), 512 + 4 * 320);
});

Deno.test("memoryLimitMb() returns the given limit when there is one", () => {
  assertEquals(memoryLimitMb({ engine: "v8", maxMemoryMb: 100 }, 8), 100);
});
