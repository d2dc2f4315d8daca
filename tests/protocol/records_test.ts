import { assertEquals } from "@std/assert";
import { concat } from "@std/bytes/concat";
import fc from "fast-check";
import {
  type CommandRecord,
  type ControlRecord,
  encodeRecord,
  type JSockDRecord,
  RecordDecoder,
} from "../../src/protocol/mod.ts";
import { cutAt, cutEvery, transform } from "../support/transform.ts";

const decode = (chunks: Iterable<Uint8Array>): JSockDRecord[] =>
  transform(new RecordDecoder(), chunks);
const bytesOf = (text: string) => new TextEncoder().encode(text);

const RECORDS: (CommandRecord | ControlRecord)[] = [
  { type: "ok", id: "a1", data: "42" },
  { type: "exception", id: "b", data: `{"errorMessage":"Error: é€😀"}` },
  { type: "control", text: "reset" },
  { type: "message", id: "é", data: `"two words"` },
  { type: "control", text: "" },
  { type: "control", text: "bad command" },
  { type: "ok", id: "c", data: "" },
];
const BYTES = concat(RECORDS.map(encodeRecord));

const line = fc.string({ unit: "binary" })
  .map((text) => text.replaceAll("\n", "").toWellFormed());
const commandRecord: fc.Arbitrary<CommandRecord> = fc.record({
  type: fc.constantFrom("ok", "exception", "message"),
  id: line.map((text) => text.replaceAll(" ", "")).filter((text) => text !== ""),
  data: line,
});
const controlRecord: fc.Arbitrary<ControlRecord> = fc.record({
  type: fc.constant("control"),
  text: fc.constantFrom("", "reset", "quit", "bad command", "123456789", `{"malloc_size":1}`),
});

Deno.test("RecordDecoder finds the same records wherever the bytes are split", () => {
  for (let i = 0; i <= BYTES.length; i++) assertEquals(decode(cutAt(BYTES, [i])), RECORDS);
});

Deno.test("RecordDecoder finds the same records wherever the bytes are split twice", () => {
  for (let i = 0; i <= BYTES.length; i++) {
    for (let j = i; j <= BYTES.length; j++) assertEquals(decode(cutAt(BYTES, [i, j])), RECORDS);
  }
});

Deno.test("RecordDecoder finds the same records in chunks of any length", () => {
  for (let length = 1; length <= BYTES.length; length++) {
    assertEquals(decode(cutEvery(BYTES, length)), RECORDS);
  }
});

Deno.test("RecordDecoder keeps what it needs when the buffer of a chunk is reused", () => {
  const decoder = new RecordDecoder();
  const buffer = new Uint8Array(3);
  const records = transform(
    decoder,
    function* () {
      for (const chunk of cutEvery(BYTES, buffer.length)) {
        buffer.set(chunk);
        yield buffer.subarray(0, chunk.length);
        buffer.fill(0x0A);
      }
    }(),
  );
  assertEquals(records, RECORDS);
});

Deno.test("encodeRecord() returns bytes that RecordDecoder decodes, however they are chunked", () => {
  const records = fc.array(fc.oneof(commandRecord, controlRecord), { maxLength: 20 });
  fc.assert(fc.property(records, fc.array(fc.nat(2000)), (records, cuts) => {
    const bytes = concat(records.map(encodeRecord));
    const positions = cuts.filter((position) => position <= bytes.length);
    assertEquals(decode(cutAt(bytes, positions)), records);
  }));
});

Deno.test("RecordDecoder finds the same records in any bytes, however they are chunked", () => {
  const bytes = fc.uint8Array({ maxLength: 200 }).map((bytes) =>
    bytes.map((byte) => byte % 5 === 0 ? 0x0A : byte % 7 === 0 ? 0x20 : byte)
  );
  fc.assert(fc.property(bytes, fc.array(fc.nat(200)), (bytes, cuts) => {
    const positions = cuts.filter((position) => position <= bytes.length);
    const records = decode([bytes]);
    assertEquals(decode(cutAt(bytes, positions)), records);
    assertEquals(records.length, bytes.filter((byte) => byte === 0x0A).length);
  }));
});

Deno.test("RecordDecoder enqueues a malformed record only for the line that is not UTF-8", () => {
  for (const invalid of [[0xFF], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0x80]]) {
    const bytes = concat([
      bytesOf("a ok é\nb ok x"),
      Uint8Array.from(invalid),
      bytesOf("y\nc ok 😀\n"),
    ]);
    for (let i = 0; i <= bytes.length; i++) {
      const records = decode(cutAt(bytes, [i]));
      assertEquals(records.map((record) => record.type), ["ok", "malformed", "ok"]);
      assertEquals(records[0], { type: "ok", id: "a", data: "é" });
      assertEquals(records[2], { type: "ok", id: "c", data: "😀" });
      const { text } = records[1] as { text: string };
      assertEquals(text.replace(/\uFFFD+/, "?"), "b ok x?y");
    }
  }
});

Deno.test("RecordDecoder keeps a byte order mark", () => {
  assertEquals(decode([bytesOf("\uFEFFa ok \uFEFF1\n")]), [
    { type: "ok", id: "\uFEFFa", data: "\uFEFF1" },
  ]);
});

Deno.test("RecordDecoder drops an incomplete record at the end", () => {
  assertEquals(decode([bytesOf("a ok 1\nb ok 2")]), [{ type: "ok", id: "a", data: "1" }]);
});

Deno.test("RecordDecoder enqueues a control record when a line is not a command's record", () => {
  const lines = [
    "",
    " ",
    "  ",
    "a",
    "a ok",
    "a  ok 1",
    " ok 1",
    "a OK 1",
    "a okay 1",
    "a okx",
    "ok 1",
    "a ok\t1",
  ];
  assertEquals(
    decode([bytesOf(lines.map((line) => `${line}\n`).join(""))]),
    lines.map((text): ControlRecord => ({ type: "control", text })),
  );
});

Deno.test("RecordDecoder keeps the spaces in data", () => {
  assertEquals(decode([bytesOf("a ok  1 2 \n")]), [{ type: "ok", id: "a", data: " 1 2 " }]);
});

Deno.test("RecordDecoder joins a large record from many chunks in linear time", () => {
  const data = `"${"é".repeat(8_000_000)}"`;
  const bytes = encodeRecord({ type: "ok", id: "a", data });
  const records = decode(cutEvery(concat([bytes, bytesOf("b ok 1\n")]), 4096));
  // assertEquals() would print both.
  assertEquals(records.length, 2);
  assertEquals(records[0]?.type === "ok" && records[0].data === data, true);
  assertEquals(records[1], { type: "ok", id: "b", data: "1" });
});

Deno.test("RecordDecoder finds records of any length behind each other", () => {
  // The first ones make its buffer grow, the small ones let it go, and the last one needs it again.
  const lengths = [1, 100_000, 3, 40_000, 39_000, ...Array(1_500).fill(5), 90_000, 1];
  const records = lengths.map((length, i): CommandRecord => ({
    type: "ok",
    id: String(i),
    data: String(i % 10).repeat(length),
  }));
  for (const chunkLength of [7, 4_096, 70_000]) {
    const found = decode(cutEvery(concat(records.map(encodeRecord)), chunkLength));
    assertEquals(found.length, records.length);
    for (const [i, record] of records.entries()) {
      if (JSON.stringify(found[i]) !== JSON.stringify(record)) {
        throw new Error(`record ${i} differs`);
      }
    }
  }
});

Deno.test("RecordDecoder works in a pipe", async () => {
  const records = await Array.fromAsync(
    ReadableStream.from(cutEvery(BYTES, 2)).pipeThrough(new TransformStream(new RecordDecoder())),
  );
  assertEquals(records, RECORDS);
});
