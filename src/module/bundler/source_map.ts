import {
  decodedMappings,
  encodedMap,
  type SourceMapSegment,
  TraceMap,
} from "@jridgewell/trace-mapping";

/** How to treat the sources that a source map names. */
export interface Sources {
  /** Returns the path of a source. */
  readonly pathOf: (source: string) => string;
  /** Returns whether a file belongs to the project. */
  readonly isOwn: (path: string) => boolean;
}

/**
 * Reduces a source map to the project's own files. jsockd parses the map again for each exception,
 * within the command's time limit. For a map that includes React, that takes most of the 250 ms,
 * and the exception is then lost.
 */
export function toOwnSourceMap(json: string, { pathOf, isOwn }: Sources): string {
  const map = new TraceMap(json);
  const sources = map.sources.map((source) => pathOf(source ?? ""));
  const areOwn = sources.map(isOwn);
  const mappings = decodedMappings(map).map((line) => keepOwn(line, (index) => areOwn[index]!));
  const { names } = map;
  return JSON.stringify(encodedMap(new TraceMap({ version: 3, names, sources, mappings })));
}

/**
 * Keeps the segments of own files. Also keeps the first segment of other code after own code on the
 * same line, because that code would otherwise be mapped to the own code before it.
 */
function keepOwn(
  line: readonly SourceMapSegment[],
  isOwn: (source: number) => boolean,
): SourceMapSegment[] {
  const kept: SourceMapSegment[] = [];
  for (const segment of line) {
    const source = segment[1];
    if (source === undefined) continue;
    const before = kept.at(-1)?.[1];
    if (isOwn(source) || (before !== undefined && before !== source)) kept.push(segment);
  }
  return kept;
}
