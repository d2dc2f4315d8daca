import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { JSockDJSException, TraceFrame } from "../../mod.ts";
import type { Frame, Place } from "./wire.ts";

/** The message that a program sends before its first line. */
export const STARTED = "playground: started";

/** The lines of the query before the program. */
const PREAMBLE =
  `async (playground, parameter) => { JSockD.sendMessage(${JSON.stringify(STARTED)}); ` +
  "const module = { exports: {} }, require = playground.require; (() => {\n";
const PREAMBLE_LINES = 1;
const END = "\n})(); return await playground.finish(module.exports.default, parameter); }";

/** The name that servers give to the text of a query. */
const QUERY = "<buffer>";

/** A compiled program, as a query. */
export class Program {
  /** The text of the query. The server's module must be `renderer.ts`. */
  readonly query: string;
  readonly #map: TraceMap;

  /** Creates a program from a CommonJS module and its source map. */
  constructor(code: string, map: string) {
    this.query = PREAMBLE + code + END;
    this.#map = new TraceMap(map);
  }

  /**
   * Returns the stack trace of an exception with the positions in the source. It ends with the
   * program: the calls that led to it are the playground's.
   */
  trace({ trace }: JSockDJSException): Frame[] {
    const frames = trace.map((frame) => ({
      functionName: frame.functionName ?? "<anonymous>",
      place: this.#placeOf(frame),
    }));
    return frames.slice(0, frames.findLastIndex(({ place }) => place !== null) + 1);
  }

  #placeOf({ source, line, column }: TraceFrame): Place | null {
    if (source !== QUERY || line === null || line <= PREAMBLE_LINES) return null;
    const generated = { line: line - PREAMBLE_LINES, column: Math.max((column ?? 1) - 1, 0) };
    const original = originalPositionFor(this.#map, generated);
    return original.line === null ? null : { line: original.line, column: original.column + 1 };
  }
}
