import { assertEquals } from "@std/assert";
import { consoleMessages } from "../../../src/embedded/engines/console.ts";

const MESSAGES: readonly (readonly [values: string[][], messages: string[]])[] = [
  [[], ["<console.log>: "]],
  [[["a"], ["b"]], ["<console.log>: a b"]],
  [[["a\nb"]], ["<console.log>: a", "b"]],
  [[["a\nb\nc\n"]], ["<console.log>: a", "b\nc\n"]],
  [[["a\nb"], ["c\nd"]], ["<console.log>: a", "b c", "d"]],
  [[["Error", ": ", "m", "\n", "    at f\n    at g", ""]], [
    "<console.log>: Error: m",
    "    at f",
    "    at g",
  ]],
  [[["Error", "\n", "    at f\n    at g\n    at h"]], [
    "<console.log>: Error",
    "    at f",
    "    at g\n    at h",
  ]],
];

for (const [values, messages] of MESSAGES) {
  Deno.test(`consoleMessages() splits lines into messages as jsockd does when it is given ${JSON.stringify(values)}`, () => {
    assertEquals(consoleMessages("log", values), messages);
  });
}
