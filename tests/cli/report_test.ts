import { assertEquals, assertMatch } from "@std/assert";
import { JSockDClientError, JSockDJSException } from "../../mod.ts";
import { UsageError } from "../../src/cli/arguments.ts";
import { describeError } from "../../src/cli/report.ts";

Deno.test("describeError() gives an error that was foreseen by its message", () => {
  const cases: [Error, string][] = [
    [new UsageError("Cannot read it"), "error: Cannot read it"],
    [new JSockDClientError("CLOSED", "Cannot run it"), "error: Cannot run it (CLOSED)"],
    [new JSockDClientError("CONFIG", "2 errors\n\n1\n2"), "error: 2 errors (CONFIG)\n\n1\n2"],
    [new Deno.errors.NotCapable("Requires read access"), "error: Requires read access"],
  ];
  for (const [error, expected] of cases) assertEquals(describeError(error), expected);
});

Deno.test("describeError() gives the stack of the JavaScript that was run, not its own", () => {
  const frame = { functionName: "f", source: "page.tsx", line: "3", column: "7" };
  const resultJson = JSON.stringify({ errorMessage: "Error: boom", trace: [frame] });
  assertEquals(
    describeError(new JSockDJSException(resultJson)),
    "JSockDJSException: Error: boom\n    at f (page.tsx:3:7)",
  );
});

Deno.test("describeError() shows where a bug is", () => {
  assertMatch(describeError(new TypeError("oops")), /^TypeError: oops\n {4}at .*report_test\.ts/);
});
