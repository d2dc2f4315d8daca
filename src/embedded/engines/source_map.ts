import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { MapFrame } from "./exceptions.ts";

/**
 * Makes the function that finds the original places of a module's frames.
 *
 * @param json The module's source map.
 * @param moduleName The module's name in stack traces. Other sources, such as commands, have no map.
 */
export function frameMapper(json: string, moduleName: string): MapFrame {
  let map: TraceMap | undefined;
  return ({ source, line, column }) => {
    if (source !== moduleName || line === null || column === null) return null;
    // Most runs throw nothing: a map of megabytes is parsed only when one does.
    map ??= new TraceMap(json);
    // QuickJS counts columns from 1, source maps from 0.
    const position = originalPositionFor(map, { line: Number(line), column: Number(column) - 1 });
    if (position.source === null) return null;
    return {
      source: position.source,
      line: position.line,
      column: position.column + 1,
      ...position.name !== null && { functionName: position.name },
    };
  };
}
