import { assert, assertEquals } from "@std/assert";
import { LogThrottle } from "../../src/playground/log_throttle.ts";
import type { LogLine } from "../../src/playground/wire.ts";

Deno.test("LogThrottle passes lines on as they are", () => {
  const lines: LogLine[] = [];
  const throttle = new LogThrottle((line) => lines.push(line));
  throttle.send({ id: "v8", level: "log", text: "Hello" });
  assertEquals(lines, [{ id: "v8", level: "log", text: "Hello" }]);
});

Deno.test("LogThrottle drops lines of a server that writes too many, and says so", () => {
  const lines: LogLine[] = [];
  const throttle = new LogThrottle((line) => lines.push(line));
  for (let i = 0; i < 100_000; i++) throttle.send({ id: "v8", level: "log", text: "a" });
  throttle.send({ id: "quickjs", level: "log", text: "Hello" });
  throttle.send({ id: "v8", level: "SERVER", text: "ended" });
  assert(lines.length < 10_000, `Expected few lines, got ${lines.length}`);
  assert(lines.some(({ text }) => text === "More lines in this second are not shown"));
  assertEquals(lines.slice(-2).map(({ text }) => text), ["Hello", "ended"]);
});

Deno.test("LogThrottle shortens long lines", () => {
  const lines: LogLine[] = [];
  new LogThrottle((line) => lines.push(line)).send({
    id: "v8",
    level: "log",
    text: "a".repeat(100_000),
  });
  assertEquals(lines[0]!.text.length, 4001);
});
