import { assertEquals } from "@std/assert";
import { formatProblem } from "../../../src/module/bundler/problems.ts";

Deno.test("formatProblem() points at the place, whatever the line is indented with", () => {
  const place = { file: "/a.ts", line: 3, column: 5, lineText: "\t\té x" };
  assertEquals(
    formatProblem({ text: "Wrong", place }),
    "/a.ts:3:5: Wrong\n    \t\té x\n    \t\t  ^",
  );
});

Deno.test("formatProblem() adds notes, and does without a place", () => {
  assertEquals(formatProblem({ text: "Wrong", notes: [{ text: "Because" }] }), "Wrong\nBecause");
});
