import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { readIfPresent } from "./files.ts";
import type { Place, Problem } from "./problems.ts";

/**
 * Reads what a server says of a module that it does not compile, and finds the place in the sources.
 *
 * @param said What the server wrote: an exception, and a stack trace that begins where it stopped.
 * @param module The path of the module.
 * @param sourceMap Its source map, as JSON.
 */
export async function toCompileProblem(
  said: string,
  module: string,
  sourceMap: string,
): Promise<Problem> {
  const text = /SyntaxError: .*?(?=:?$)/m.exec(said)?.[0] ?? said;
  const [, line, column = "1"] = new RegExp(`${RegExp.escape(module)}:(\\d+)(?::(\\d+))?`)
    .exec(said) ?? [];
  if (line === undefined) return { text };
  // QuickJS counts columns from 1, source maps from 0.
  const { source, line: sourceLine, column: sourceColumn } = originalPositionFor(
    new TraceMap(sourceMap),
    {
      line: Number(line),
      column: Number(column) - 1,
    },
  );
  if (source === null) return { text };
  const content = new TextDecoder().decode(await readIfPresent(source));
  const place: Place = {
    file: source,
    line: sourceLine,
    column: sourceColumn + 1,
    lineText: content.split(/\r?\n/)[sourceLine - 1] ?? "",
  };
  return { text, place };
}
