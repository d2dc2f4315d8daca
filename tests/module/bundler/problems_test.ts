import { assertEquals } from "@std/assert";
import { formatProblem } from "../../../src/module/bundler/problems.ts";

Deno.test("formatProblem() puts the marker below its column when the line is indented with tabs", () => {
  const place = { file: "/a.ts", line: 3, column: 5, lineText: "\t\té x" };
  assertEquals(
    formatProblem({ text: "Wrong", place }),
    "/a.ts:3:5: Wrong\n    \t\té x\n    \t\t  ^",
  );
});

Deno.test("formatProblem() prints text and notes when there is no place", () => {
  assertEquals(formatProblem({ text: "Wrong", notes: [{ text: "Because" }] }), "Wrong\nBecause");
});
