import { assertEquals, assertRejects } from "@std/assert";
import { mapConcurrently } from "../../src/client/map_concurrently.ts";

Deno.test("mapConcurrently() resolves to the results in the order of the values", async () => {
  const waiting: (() => void)[] = [];
  const mapped = mapConcurrently([1, 2, 3], 3, async (n) => {
    await new Promise<void>((resolve) => waiting.unshift(resolve));
    return n * 10;
  });
  for (const resolve of waiting) resolve();
  assertEquals(await mapped, [10, 20, 30]);
});

Deno.test("mapConcurrently() limits concurrent calls, and takes values as it needs them", async () => {
  let running = 0;
  let most = 0;
  let taken = 0;
  function* values() {
    while (taken < 100) yield taken++;
  }
  await mapConcurrently(values(), 7, async () => {
    most = Math.max(most, ++running);
    assertEquals(running <= 7, true);
    await Promise.resolve();
    running--;
  });
  assertEquals([most, taken], [7, 100]);
});

Deno.test("mapConcurrently() rejects with the first failure and starts no call after it", async () => {
  const called: number[] = [];
  await assertRejects(
    () =>
      mapConcurrently([0, 1, 2, 3, 4, 5], 2, async (n) => {
        called.push(n);
        await Promise.resolve();
        if (n === 1) throw new RangeError("one");
      }),
    RangeError,
    "one",
  );
  await Promise.resolve();
  assertEquals(called.includes(5), false);
});

Deno.test("mapConcurrently() ends the values' iterator when a call fails", async () => {
  let ended = false;
  function* values() {
    try {
      for (;;) yield 1;
    } finally {
      ended = true;
    }
  }
  const failing = () => Promise.reject(new RangeError("one"));
  await assertRejects(() => mapConcurrently(values(), 2, failing), RangeError);
  assertEquals(ended, true);
});

Deno.test("mapConcurrently() resolves to an empty array when there are no values", async () => {
  assertEquals(await mapConcurrently([], 5, () => Promise.reject(new Error("called"))), []);
});
