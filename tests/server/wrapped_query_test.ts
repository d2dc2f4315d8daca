import { assertEquals } from "@std/assert";
import { WrappedQuery } from "../../src/server/wrapped_query.ts";

const wrapped = new WrappedQuery(
  (callee) =>
  // The wrapper may have any number of lines.
  (module, param) => callee(module, [param]),
  "(_, p) => p // comment",
);

/** The number of lines before the query in the text. */
const before = wrapped.text.split("\n").indexOf("(_, p) => p // comment");

Deno.test("WrappedQuery calls the query's function in the wrapper", () => {
  assertEquals((0, eval)(wrapped.text)(undefined, 42), [42]);
});

Deno.test("WrappedQuery evaluates to the query's value when that is no function", () => {
  assertEquals((0, eval)(new WrappedQuery((callee) => callee, "42; ").text), 42);
});

Deno.test("restoreException() leaves out the wrapper's calls and counts lines of the query", () => {
  const frame = (line: number) => ({ source: "<buffer>", line: `${line}`, column: "7" });
  const text = (line: number) => `    at f (<buffer>:${line}:7)`;
  const other = { source: "page.tsx", line: "1", column: "2" };
  const exception = {
    errorMessage: "Error: at (<buffer>:1:1)",
    trace: [other, frame(before + 1), frame(before + 12), frame(1), frame(before), null],
    raw: `Error: (<buffer>:1:1)\n${text(before + 1)}\n${text(1)}\n    at map (native)`,
    pretty: `\n${text(before + 12)}`,
    more: 1,
  };
  assertEquals(JSON.parse(wrapped.restoreException(JSON.stringify(exception))), {
    errorMessage: "Error: at (<buffer>:1:1)",
    trace: [other, frame(1), frame(12), null],
    raw: `Error: (<buffer>:1:1)\n${text(1)}\n    at map (native)`,
    pretty: `\n${text(12)}`,
    more: 1,
  });
});

Deno.test("restoreException() returns what is no description of an exception unchanged", () => {
  for (const json of ['"text"', "{}", "", "null", '{"trace":1}', '{"trace":[],"raw":1}']) {
    assertEquals(wrapped.restoreException(json), json);
  }
});
