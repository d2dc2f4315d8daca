import { assert, assertEquals } from "@std/assert";
import { toLines } from "../../src/server/lines.ts";

function output(...chunks: (string | number[])[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  return ReadableStream.from(
    chunks.map((chunk) =>
      typeof chunk === "string" ? new TextEncoder().encode(chunk) : Uint8Array.from(chunk)
    ),
  );
}

Deno.test("toLines() returns the same lines wherever the chunks end", async () => {
  const lines = await Array.fromAsync(toLines(output("a", "b\nc\n", "\nd")));
  assertEquals(lines, ["ab", "c", "", "d"]);
});

Deno.test("toLines() replaces invalid UTF-8 with U+FFFD", async () => {
  const lines = await Array.fromAsync(toLines(output([0x61, 0xff, 0x0a, 0xc3], [0xa9, 0x0a])));
  assertEquals(lines, ["a\ufffd", "é"]);
});

Deno.test("toLines() splits a line without losing any of it when it is too long", async () => {
  const chunk = "x".repeat(10_000);
  const lines = await Array.fromAsync(toLines(output(...Array(100).fill(chunk), "\nshort\n")));
  assertEquals(lines.at(-1), "short");
  assertEquals(lines.slice(0, -1).join("").length, 1_000_000);
  assert(lines.every((line) => line.length <= (1 << 16) + chunk.length));
});
