import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { MapFrame } from "./exceptions.ts";

/**
 * Returns a function that maps frames of a module to their original places.
 *
 * @param json The module's source map.
 * @param moduleName The module's name in stack traces. Frames of other sources are not mapped.
 */
export function frameMapper(json: string, moduleName: string): MapFrame {
  let map: TraceMap | undefined;
  return ({ source, line, column }) => {
    if (source !== moduleName || line === null || column === null) return null;
    // Parsed late, because the map may have megabytes, and most servers never need it.
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
