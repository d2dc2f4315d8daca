import { assert, assertEquals, assertThrows } from "@std/assert";
import { TextMap } from "../../src/common/text_map.ts";

Deno.test("TextMap.get() creates a value once for each text", () => {
  const map = new TextMap((text) => ({ text }));
  const value = map.get("a");
  assertEquals(value, { text: "a" });
  assert(map.get("a") === value);
  assert(map.get("b") !== value);
});

Deno.test("TextMap.get() forgets the oldest when there are more than 1,000 texts", () => {
  let created = 0;
  const map = new TextMap(() => created++);
  for (let n = 0; n <= 1_000; n++) map.get(`${n}`);
  assertEquals(map.size, 1_000);
  assertEquals(map.get("1"), 1);
  assertEquals(map.get("0"), 1_001);
});

Deno.test("TextMap.get() forgets the oldest when the texts are long", () => {
  let created = 0;
  const map = new TextMap(() => created++);
  for (let n = 0; n < 100; n++) map.get(`${n}`.padEnd(1 << 20));
  assert(map.size <= 4, `${map.size}`);
  assertEquals(map.get("99".padEnd(1 << 20)), 99);
});

Deno.test("TextMap.get() keeps nothing when a value cannot be created", () => {
  const map = new TextMap((text) => {
    throw new Error(text);
  });
  assertThrows(() => map.get("a"), Error, "a");
  assertEquals(map.size, 0);
});
