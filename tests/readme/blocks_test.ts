import { assertEquals } from "@std/assert";
import { codeBlocks } from "./blocks.ts";

Deno.test("codeBlocks() returns language, file, code and line of each block", () => {
  const markdown = "# A\n\n```ts\nlet a;\n```\n\n```sh\nls\ncd\n```\n```json deno.json\n{}\n```\n";
  assertEquals(codeBlocks(markdown), [
    { language: "ts", file: "", code: "let a;\n", line: 3 },
    { language: "sh", file: "", code: "ls\ncd\n", line: 7 },
    { language: "json", file: "deno.json", code: "{}\n", line: 11 },
  ]);
});
