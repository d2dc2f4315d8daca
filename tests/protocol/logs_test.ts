import { assert, assertEquals } from "@std/assert";
import { TextLineStream } from "@std/streams/text-line-stream";
import fc from "fast-check";
import { encodeLogEntry, LogDecoder, type LogEntry, UNFORMATTED } from "../../src/protocol/mod.ts";
import { cutEvery, transform } from "../support/transform.ts";

const TIME = "2026-01-02T03:04:05.678901Z";
const timestamp = Temporal.Instant.from(TIME);

const decode = (lines: Iterable<string>): LogEntry[] => transform(new LogDecoder(), lines);
const linesOf = (text: string) => text.split("\n").slice(0, -1);

/**
 * Makes entries comparable: to assertEquals() all Instants are equal, as they have no own
 * properties.
 */
const plain = (entries: readonly LogEntry[]) =>
  entries.map(({ timestamp, level, message }) => [timestamp?.toString(), level, message]);
const assertDecodes = (lines: Iterable<string>, expected: readonly LogEntry[]) =>
  assertEquals(plain(decode(lines)), plain(expected));

Deno.test("LogDecoder reads a line as a message, to the microsecond", () => {
  const [entry, ...rest] = decode([`$ jsockd ${TIME} [INFO] two  words `]);
  assertEquals(rest, []);
  assertEquals(entry?.timestamp?.epochNanoseconds, timestamp.epochNanoseconds);
  assertEquals([entry?.level, entry?.message], ["INFO", "two  words "]);
});

Deno.test("LogDecoder reads every level", () => {
  for (const level of ["DEBUG", "INFO", "WARN", "ERROR"]) {
    assertDecodes([`$ jsockd ${TIME} [${level}] x`], [{ timestamp, level, message: "x" }]);
  }
});

Deno.test("LogDecoder joins the lines up to the one marked as last", () => {
  assertDecodes([
    `* jsockd ${TIME} [WARN] one`,
    `* jsockd ${TIME} [WARN] `,
    `$ jsockd ${TIME} [WARN] three`,
    `$ jsockd ${TIME} [WARN] four`,
  ], [
    { timestamp, level: "WARN", message: "one\n\nthree" },
    { timestamp, level: "WARN", message: "four" },
  ]);
});

Deno.test("LogDecoder takes the time of the first line when the lines differ", () => {
  assertDecodes([
    `* jsockd ${TIME} [WARN] one`,
    "$ jsockd 2026-01-02T03:04:05.678999Z [WARN] two",
  ], [{ timestamp, level: "WARN", message: "one\ntwo" }]);
});

Deno.test("LogDecoder enqueues a message of its own when the first line is marked as last", () => {
  assertDecodes([
    `$ jsockd ${TIME} [INFO] <console.log>: one`,
    `* jsockd ${TIME} [INFO] two`,
    `$ jsockd ${TIME} [INFO] three`,
  ], [
    { timestamp, level: "INFO", message: "<console.log>: one" },
    { timestamp, level: "INFO", message: "two\nthree" },
  ]);
});

Deno.test("LogDecoder ends a message when the next line has another level", () => {
  assertDecodes([
    `* jsockd ${TIME} [INFO] one`,
    `$ jsockd ${TIME} [ERROR] two`,
  ], [
    { timestamp, level: "INFO", message: "one" },
    { timestamp, level: "ERROR", message: "two" },
  ]);
});

Deno.test("LogDecoder leaves the time undefined when the server's clock failed", () => {
  assertDecodes(["$ jsockd 0000-00-00T00:00:00.000000Z [ERROR] x"], [
    { timestamp: undefined, level: "ERROR", message: "x" },
  ]);
});

Deno.test("LogDecoder leaves the time undefined when it is not valid", () => {
  for (const time of ["now", "2026-13-01T00:00:00Z", "2026-01-02", "12345"]) {
    assertDecodes([`$ jsockd ${time} [INFO] x`], [
      { timestamp: undefined, level: "INFO", message: "x" },
    ]);
  }
});

Deno.test("LogDecoder keeps the spaces that a message begins with", () => {
  const message = "    at <anonymous> (<buffer>:1:1)";
  assertDecodes([`$ jsockd ${TIME} [INFO] ${message}`], [{ timestamp, level: "INFO", message }]);
});

Deno.test("LogDecoder reads an empty message", () => {
  for (const line of [`$ jsockd ${TIME} [INFO] `, `$ jsockd ${TIME} [INFO]`]) {
    assertDecodes([line], [{ timestamp, level: "INFO", message: "" }]);
  }
});

Deno.test("LogDecoder keeps text that looks like a log line inside a message", () => {
  const message = `$ jsockd ${TIME} [ERROR] x`;
  assertDecodes([`$ jsockd ${TIME} [INFO] ${message}`], [{ timestamp, level: "INFO", message }]);
});

Deno.test("LogDecoder keeps carriage returns and other separators inside a message", () => {
  const message = "a\rb\u2028c\u0085d";
  assertDecodes([`$ jsockd ${TIME} [INFO] ${message}`], [{ timestamp, level: "INFO", message }]);
});

Deno.test("LogDecoder enqueues a line unchanged and at once when it is not in the log's format", () => {
  for (
    const message of [
      "",
      "Segmentation fault",
      ` $ jsockd ${TIME} [INFO] x`,
      `# jsockd ${TIME} [INFO] x`,
      `$ other ${TIME} [INFO] x`,
      `$ jsockd ${TIME} INFO x`,
      `$ jsockd ${TIME} [info] x`,
      "$ jsockd [INFO] x",
      "\uFFFD\uFFFD",
    ]
  ) {
    assertDecodes([message], [{ timestamp: undefined, level: UNFORMATTED, message }]);
  }
});

Deno.test("LogDecoder joins a message even when another line comes between its lines", () => {
  assertDecodes([
    `* jsockd ${TIME} [INFO] one`,
    "noise",
    `$ jsockd ${TIME} [INFO] two`,
  ], [
    { timestamp: undefined, level: UNFORMATTED, message: "noise" },
    { timestamp, level: "INFO", message: "one\ntwo" },
  ]);
});

Deno.test("LogDecoder enqueues an incomplete message at the end", () => {
  assertDecodes([`* jsockd ${TIME} [ERROR] one`, `* jsockd ${TIME} [ERROR] two`], [
    { timestamp, level: "ERROR", message: "one\ntwo" },
  ]);
});

Deno.test("LogDecoder splits a message when it never ends", () => {
  const line = "x".repeat(1023);
  const count = 8192;
  const entries = decode(function* () {
    for (let i = 0; i < count; i++) yield `* jsockd ${TIME} [INFO] ${line}`;
  }());
  const lengths = entries.map((entry) => entry.message.length);
  assert(Math.max(...lengths) <= (1 << 20) + 1024, `${lengths}`);
  assert(lengths.length > 1);
  const lines = entries.flatMap((entry) => entry.message.split("\n"));
  assertEquals(lines.length, count);
  assert(lines.every((kept) => kept === line));
});

Deno.test("encodeLogEntry() returns lines that LogDecoder decodes", () => {
  const text = fc.string({ unit: "binary" }).map((text) => text.toWellFormed());
  const entry: fc.Arbitrary<LogEntry> = fc.record({
    timestamp: fc.option(
      fc.bigInt({ min: 0n, max: 4_102_444_800_000_000n })
        .map((microseconds) => Temporal.Instant.fromEpochNanoseconds(microseconds * 1000n)),
      { nil: undefined },
    ),
    level: fc.constantFrom("DEBUG", "INFO", "WARN", "ERROR"),
    message: fc.array(text).map((lines) => lines.join("\n")),
  });
  fc.assert(fc.property(fc.array(entry), (entries) => {
    assertDecodes(linesOf(entries.map(encodeLogEntry).join("")), entries);
  }));
});

Deno.test("encodeLogEntry() writes microseconds and marks the last line", () => {
  const at = Temporal.Instant.from("2026-01-02T03:04:05Z");
  assertEquals(
    encodeLogEntry({ timestamp: at, level: "INFO", message: "one\ntwo" }),
    "* jsockd 2026-01-02T03:04:05.000000Z [INFO] one\n$ jsockd 2026-01-02T03:04:05.000000Z [INFO] two\n",
  );
  assertEquals(
    encodeLogEntry({ timestamp: undefined, level: "WARN", message: "" }),
    "$ jsockd 0000-00-00T00:00:00.000000Z [WARN] \n",
  );
});

Deno.test("LogDecoder works in a pipe from bytes, even when they are not UTF-8", async () => {
  const entries: LogEntry[] = [
    { timestamp, level: "INFO", message: "é€😀\ntwo" },
    { timestamp, level: "WARN", message: "end" },
  ];
  const text = new TextEncoder().encode(entries.map(encodeLogEntry).join(""));
  const bytes = new Uint8Array([...text, 0xFF, 0x0A]);
  for (const length of [1, 2, 3, 5, bytes.length]) {
    const decoded = await Array.fromAsync(
      ReadableStream.from(cutEvery(bytes, length))
        .pipeThrough(new TextDecoderStream())
        .pipeThrough(new TextLineStream())
        .pipeThrough(new TransformStream(new LogDecoder())),
    );
    const noise = { timestamp: undefined, level: UNFORMATTED, message: "\uFFFD" };
    assertEquals(plain(decoded), plain([...entries, noise]));
  }
});
