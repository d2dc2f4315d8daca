import {
  decodedMappings,
  encodedMap,
  type SourceMapSegment,
  TraceMap,
} from "@jridgewell/trace-mapping";

/** What is to know of the sources in a source map. */
export interface Sources {
  /** The path of the file that the map calls so. */
  readonly pathOf: (source: string) => string;
  /** Whether a file is one of the project. */
  readonly isOwn: (path: string) => boolean;
}

/**
 * Makes a source map of which only the project's own files are left. jsockd reads it anew for each
 * exception, within the time that a command has: with all of React in it that alone takes most of
 * the 250 ms, and then there is no telling what the exception was.
 */
export function toOwnSourceMap(json: string, { pathOf, isOwn }: Sources): string {
  const map = new TraceMap(json);
  const sources = map.sources.map((source) => pathOf(source ?? ""));
  const mappings = decodedMappings(map).map((line) =>
    keepOwn(line, (index) => isOwn(sources[index]!))
  );
  const { names } = map;
  return JSON.stringify(encodedMap(new TraceMap({ version: 3, names, sources, mappings })));
}

/**
 * Keeps, besides the places in own files, the first of other code that follows on the same line: it
 * would be taken for the own code before it.
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
