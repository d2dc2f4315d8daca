import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { readIfPresent } from "../common/files.ts";
import type { Problem } from "./bundler/problems.ts";

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
  const at = { line: Number(line), column: Number(column) - 1 };
  const original = originalPositionFor(new TraceMap(sourceMap), at);
  // Code of packages is not in the map.
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
