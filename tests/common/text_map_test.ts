import { assert, assertEquals } from "@std/assert";
import { TextMap } from "../../src/common/text_map.ts";

Deno.test("TextMap.get() creates a value once for each text", () => {
  const map = new TextMap<object>();
  const value = map.get("a", () => ({}));
  assertEquals(map.get("a", () => ({ other: 1 })) === value, true);
  assertEquals(map.get("b", () => ({})) === value, false);
});

Deno.test("TextMap.get() forgets the oldest when there are more than 1,000 texts", () => {
  const map = new TextMap<number>();
  for (let n = 0; n <= 1_000; n++) map.get(`${n}`, () => n);
  assertEquals(map.size, 1_000);
  assertEquals(map.get("1", () => -1), 1);
  assertEquals(map.get("0", () => -1), -1);
});

Deno.test("TextMap.get() forgets the oldest when the texts are long", () => {
  const map = new TextMap<number>();
  for (let n = 0; n < 100; n++) map.get(`${n}`.padEnd(1 << 20), () => n);
  assert(map.size <= 4, `${map.size}`);
  assertEquals(map.get("99".padEnd(1 << 20), () => -1), 99);
});
