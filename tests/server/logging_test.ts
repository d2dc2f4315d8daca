import { assertEquals } from "@std/assert";
import { toLogSink, toPrintable } from "../../src/server/logging.ts";

const ENTRY = {
  timestamp: Temporal.Instant.from("2026-01-02T03:04:05.678901Z"),
  level: "INFO",
  message: "text",
};

Deno.test("toPrintable() returns one line with control characters escaped", () => {
  assertEquals(toPrintable("\ttwo\nlines, é"), "\ttwo\\nlines, é");
  assertEquals(toPrintable("\x1b[2J\r\x00\x9b"), "\\x1b[2J\\x0d\\x00\\x9b");
});

Deno.test("toLogSink() passes each field of an entry to the logger", () => {
  const calls: unknown[] = [];
  toLogSink((...args) => calls.push(args))(ENTRY);
  assertEquals(calls, [[ENTRY.timestamp, "INFO", "text"]]);
});

Deno.test("toLogSink() ignores the error when a logger throws or rejects", async () => {
  let calls = 0;
  const throwing = toLogSink(() => {
    calls++;
    throw new Error("logger");
  });
  const rejecting = toLogSink(async () => {
    calls++;
    await Promise.reject(new Error("logger"));
  });
  throwing(ENTRY);
  rejecting(ENTRY);
  // An unhandled rejection would fail the test once microtasks have run.
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(calls, 2);
});
