import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { readIfPresent } from "../common/files.ts";
import type { Problem } from "./bundler/problems.ts";

/**
 * Converts a server's error output into a problem with a position in the original sources.
 *
 * @param errorOutput The exception and stack trace that the server has written.
 * @param module The path of the module that does not compile.
 * @param sourceMap The source map of the module, as JSON.
 */
export async function toCompileProblem(
  errorOutput: string,
  module: string,
  sourceMap: string,
): Promise<Problem> {
  const text = /SyntaxError: .*?(?=:?$)/m.exec(errorOutput)?.[0] ?? errorOutput;
  const [, line, column = "1"] = new RegExp(`${RegExp.escape(module)}:(\\d+)(?::(\\d+))?`)
    .exec(errorOutput) ?? [];
  if (line === undefined) return { text };
  // QuickJS counts columns from 1, source maps from 0.
  const at = { line: Number(line), column: Number(column) - 1 };
  const original = originalPositionFor(new TraceMap(sourceMap), at);
  // The source map does not cover the code of packages.
  const place = original.source === null ? at : original;
  const file = original.source ?? module;
  const source = new TextDecoder().decode(await readIfPresent(file));
  return {
    text,
    place: {
      file,
      line: place.line,
      column: place.column + 1,
      lineText: source.split(/\r?\n/)[place.line - 1] ?? "",
    },
  };
}
