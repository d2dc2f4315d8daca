import { assert, assertEquals } from "@std/assert";
import { reportException } from "../../../src/embedded/engines/exceptions.ts";

Deno.test("reportException() parses the frames of an error's stack", () => {
  const shown = [
    "Error: two",
    "lines",
    "    at f (dir/my module.mjs:2:7)",
    "    at map (native)",
    "    at <buffer>:1",
  ].join("\n");
  assertEquals(reportException(shown), {
    errorMessage: "Error: two\nlines",
    trace: [
      { functionName: "f", source: "dir/my module.mjs", line: "2", column: "7" },
      { functionName: "map", source: "native", line: null, column: null },
      { functionName: null, source: "<buffer>", line: "1", column: null },
    ],
    raw: shown,
    pretty:
      "\nError: two\nlines:\n  at f (dir/my module.mjs:2:7)\n  at map (native)\n  at <unknown> (<buffer>:1)",
  });
});

Deno.test("reportException() returns no frames when there is no stack", () => {
  assertEquals(reportException('"at home"'), {
    errorMessage: '"at home"',
    trace: [],
    raw: '"at home"',
    pretty: '\n"at home"',
  });
});

Deno.test("reportException() adds original places when there is a source map", () => {
  const { trace, pretty } = reportException(
    "Error: x\n    at f (m.mjs:1:1)\n    at g (<buffer>:1:1)",
    ({ source }) =>
      source === "m.mjs" ? { source: "a.ts", line: 3, column: 5, functionName: "original" } : null,
  );
  assertEquals(trace.map((frame) => frame.mapped?.source ?? null), ["a.ts", null]);
  assertEquals(
    pretty,
    "\nError: x:\n  at f (m.mjs:1:1) -> original (a.ts:3:5)\n  at g (<buffer>:1:1)",
  );
});

Deno.test("reportException() cuts the value to 10,240 bytes when it is longer", () => {
  const { raw } = reportException("é".repeat(5119) + "€€");
  assertEquals(raw, "é".repeat(5119) + "\ufffd");
  assertEquals(reportException("x".repeat(20_000)).raw, "x".repeat(10_240));
});

Deno.test("reportException() cuts the value to 10,240 bytes when the stack is deep", () => {
  const { raw } = reportException(`Error: x\n${"    at f (a:1:1)\n".repeat(100_000)}`);
  assert(raw.length <= 10_240);
});
