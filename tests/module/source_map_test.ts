import { assertEquals } from "@std/assert";
import { encodedMap, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { toOwnSourceMap } from "../../src/module/bundler/source_map.ts";

/**
 * Returns the reduced form of a source map.
 *
 * @param mappings The lines' segments: column, index of the source, line and column in the source.
 */
function reduce(...mappings: [number, number, number, number][][]): TraceMap {
  const sources = ["own.ts", "package.js", "other.js"];
  const json = JSON.stringify(
    encodedMap(new TraceMap({ version: 3, names: [], sources, mappings })),
  );
  return new TraceMap(toOwnSourceMap(json, {
    pathOf: (source) => `/project/${source}`,
    isOwn: (path) => path === "/project/own.ts",
  }));
}

/** Returns source and line of a position. */
function at(map: TraceMap, line: number, column: number): string | null {
  const { source, line: sourceLine } = originalPositionFor(map, { line, column });
  return source && `${source}:${sourceLine}`;
}

Deno.test("toOwnSourceMap() keeps the positions in the project's own files", () => {
  const map = reduce([[0, 0, 4, 0], [10, 0, 6, 2]]);
  assertEquals([at(map, 1, 3), at(map, 1, 12)], ["/project/own.ts:5", "/project/own.ts:7"]);
});

Deno.test("toOwnSourceMap() drops the lines of packages", () => {
  const map = reduce([[0, 1, 0, 0], [5, 1, 1, 0]], [[0, 0, 2, 0]]);
  assertEquals([at(map, 1, 6), at(map, 2, 0)], [null, "/project/own.ts:3"]);
});

Deno.test("toOwnSourceMap() keeps own code and packages apart when they share a line", () => {
  const map = reduce([[0, 0, 0, 0], [10, 1, 8, 0], [20, 1, 9, 0], [30, 2, 0, 0], [40, 0, 1, 0]]);
  assertEquals(
    [5, 15, 25, 35, 45].map((column) => at(map, 1, column)),
    [
      "/project/own.ts:1",
      "/project/package.js:9",
      "/project/package.js:9",
      "/project/other.js:1",
      "/project/own.ts:2",
    ],
  );
});
