import { assert, assertEquals } from "@std/assert";
import { JSockDJSException } from "../../mod.ts";
import { Compiler } from "../../src/playground/compiler.ts";
import { Program } from "../../src/playground/program.ts";

Deno.test("Compiler.compile() resolves to the errors in the source, with their positions", async () => {
  await using compiler = new Compiler();
  const [bad, good] = await Promise.all([
    compiler.compile("export default () => 1;\nconst é = 'ö' 1;"),
    compiler.compile("export default 1;"),
  ]);
  assertEquals(bad, {
    problems: [{ text: 'Expected ";" but found "1"', place: { line: 2, column: 15 } }],
  });
  assert("code" in good);
});

Deno.test("Program.trace() maps positions to the source and leaves the playground's calls out", async () => {
  await using compiler = new Compiler();
  const compilation = await compiler.compile(
    "interface Unused {\n  a: string;\n}\nexport default () => {\n  throw new Error();\n};\n",
  );
  assert("code" in compilation);
  const program = new Program(compilation.code, compilation.map);
  const lines = program.query.split("\n");
  const line = lines.findIndex((text) => text.includes("throw")) + 1;
  const frame = (functionName: string, source: string, line: number) => ({
    functionName,
    source,
    line: String(line),
    column: "3",
    mapped: null,
  });
  const exception = new JSockDJSException(JSON.stringify({
    errorMessage: "Error",
    trace: [
      frame("native", "native", 1),
      frame("thrower", "<buffer>", line),
      frame("finish", "module.mjs", 1),
      frame("<anonymous>", "<buffer>", 1),
      frame("<anonymous>", "<buffer>", lines.length),
    ],
  }));
  assertEquals(program.trace(exception), [
    { functionName: "native", place: null },
    { functionName: "thrower", place: { line: 5, column: 3 } },
  ]);
});
