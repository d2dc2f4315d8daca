import { assert, assertEquals } from "@std/assert";
import { concat } from "@std/bytes/concat";
import fc from "fast-check";
import { type Field, FieldDecoder, MAX_FIELD_BYTES } from "../../src/protocol/mod.ts";
import { cutAt, cutEvery, transform } from "../support/transform.ts";

const decode = (chunks: Iterable<Uint8Array>, separator?: number): Field[] =>
  transform(new FieldDecoder(separator), chunks);
const bytesOf = (text: string) => new TextEncoder().encode(text);
const kept = (texts: readonly string[]): Field[] => texts.map((text) => ({ text, tooLong: false }));
const lengths = (fields: readonly Field[]) =>
  fields.map(({ text, tooLong }) => tooLong ? "too long" : text.length);

const TEXTS = ["a1", "(_, n) => 'é€😀'", "", "?reset", `"\n"`, "z"];
const BYTES = bytesOf(TEXTS.map((text) => `${text}\0`).join(""));

Deno.test("FieldDecoder finds the same fields wherever the bytes are split twice", () => {
  for (let i = 0; i <= BYTES.length; i++) {
    for (let j = i; j <= BYTES.length; j++) {
      assertEquals(decode(cutAt(BYTES, [i, j])), kept(TEXTS));
    }
  }
});

Deno.test("FieldDecoder finds the same fields byte by byte", () => {
  assertEquals(decode(cutEvery(BYTES, 1)), kept(TEXTS));
});

Deno.test("FieldDecoder splits at the given separator", () => {
  const texts = ["a", "b\0c", "é"];
  const bytes = bytesOf(texts.map((text) => `${text}\n`).join(""));
  for (let i = 0; i <= bytes.length; i++) {
    assertEquals(decode(cutAt(bytes, [i]), 0x0A), kept(texts));
  }
  assertEquals(
    decode([Uint8Array.of(0x61, 0xFF, 0x62, 0xFF)], 0xFF),
    kept(["a", "b"]),
  );
});

Deno.test("FieldDecoder finds the same fields in any bytes, however they are chunked", () => {
  fc.assert(fc.property(fc.uint8Array({ max: 3 }), fc.array(fc.nat(20)), (bytes, cuts) => {
    const positions = cuts.filter((position) => position <= bytes.length);
    const fields = decode([bytes]);
    assertEquals(decode(cutAt(bytes, positions)), fields);
    assertEquals(fields.length, bytes.filter((byte) => byte === 0).length);
  }));
});

Deno.test("FieldDecoder replaces invalid UTF-8 only in the field that contains it", () => {
  for (const invalid of [[0xFF], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0x80]]) {
    const bytes = concat([bytesOf("é\0x"), Uint8Array.from(invalid), bytesOf("y\0😀\0")]);
    for (let i = 0; i <= bytes.length; i++) {
      const [before, field, after] = decode(cutAt(bytes, [i]));
      assertEquals([before?.text, after?.text], ["é", "😀"]);
      assertEquals(field?.text.replace(/\uFFFD+/, "?"), "x?y");
    }
  }
});

Deno.test("FieldDecoder marks a field as too long when it has 1 MiB or more", () => {
  for (const length of [4096, 65_536, MAX_FIELD_BYTES, 2 * MAX_FIELD_BYTES]) {
    for (const excess of [-1, 0, 1, 2, MAX_FIELD_BYTES]) {
      const bytes = concat([
        bytesOf("a\0"),
        new Uint8Array(MAX_FIELD_BYTES + excess).fill(0x78),
        bytesOf("\0b\0"),
      ]);
      assertEquals(lengths(decode(cutEvery(bytes, length))), [
        1,
        excess > 0 ? "too long" : MAX_FIELD_BYTES + excess,
        1,
      ]);
    }
  }
});

Deno.test("FieldDecoder finds the end of a long field wherever the bytes are split near the limit", () => {
  for (const excess of [0, 1]) {
    const length = MAX_FIELD_BYTES + excess;
    const bytes = concat([new Uint8Array(length).fill(0x78), bytesOf("\0b\0")]);
    for (let i = length - 3; i <= bytes.length; i++) {
      assertEquals(lengths(decode(cutAt(bytes, [i]))), [excess === 0 ? length : "too long", 1]);
    }
  }
});

Deno.test("FieldDecoder enqueues an empty text when a field is too long", () => {
  const [field] = decode([new Uint8Array(MAX_FIELD_BYTES + 1).fill(0x78), Uint8Array.of(0)]);
  assertEquals(field, { text: "", tooLong: true });
});

Deno.test("FieldDecoder uses little memory when a field never ends", () => {
  const decoder = new FieldDecoder();
  const chunk = new Uint8Array(1 << 20).fill(0x78);
  const before = Deno.memoryUsage().external;
  let after = 0;
  const fields = transform(
    decoder,
    function* () {
      for (let i = 0; i < 4096; i++) yield chunk;
      after = Deno.memoryUsage().external;
      yield bytesOf("\0b\0");
    }(),
  );
  assertEquals(lengths(fields), ["too long", 1]);
  // Some of the 4 GiB may not have been collected yet.
  assert(after - before < 1 << 30, `${after - before} bytes more`);
});

Deno.test("FieldDecoder counts the bytes of each field separately", () => {
  const text = "x".repeat(600_000);
  const bytes = bytesOf(`${text}\0`.repeat(5));
  assertEquals(lengths(decode(cutEvery(bytes, 50_000))), Array(5).fill(600_000));
});

Deno.test("FieldDecoder keeps a byte order mark", () => {
  assertEquals(decode([bytesOf("\uFEFFa\0\uFEFF1\0")]), kept(["\uFEFFa", "\uFEFF1"]));
});

Deno.test("FieldDecoder drops an incomplete field at the end", () => {
  assertEquals(decode([bytesOf("a\0b")]), kept(["a"]));
});

Deno.test("FieldDecoder works in a pipe", async () => {
  const fields = await Array.fromAsync(
    ReadableStream.from(cutEvery(BYTES, 3)).pipeThrough(new TransformStream(new FieldDecoder())),
  );
  assertEquals(fields, kept(TEXTS));
  assert(fields.length > 0);
});
