/** The source name that servers give to the text of a command. */
const COMMAND_SOURCE = "<buffer>";

/**
 * Takes the function of a query, and returns the function that the server calls in its place.
 *
 * Guest code: only its source text is sent, so it must not refer to anything outside itself.
 */
export type QueryWrapper = (
  callee: (module: unknown, param: unknown, ...more: unknown[]) => unknown,
) => (module: unknown, param: never) => unknown;

/** A query in a wrapper. Exceptions look as if there were none. */
export class WrappedQuery {
  /** The text to send. */
  readonly text: string;
  /** How many lines of the text come before the query. */
  readonly #linesBefore: number;

  constructor(wrapper: QueryWrapper, query: string) {
    // The server evaluates the query before it calls anything, as it does without a wrapper. What is
    // no function is left to the server, which says so.
    const before =
      `((wrapper, callee) => typeof callee === "function" ? wrapper(callee) : callee)(` +
      `${wrapper}, (\n`;
    // A semicolon is no part of an expression. The line break ends a comment.
    this.text = `${before}${query.replace(/[;\s]+$/, "")}\n))`;
    this.#linesBefore = before.split("\n").length - 1;
  }

  /**
   * Returns the JSON text of an exception without the calls in the wrapper, and with the lines of
   * the query as its author counts them.
   */
  restoreException(json: string): string {
    const exception = parse(json);
    if (!Array.isArray(exception?.trace)) return json;
    const trace = exception.trace.flatMap((frame: TracedCall | null) => {
      if (frame?.source !== COMMAND_SOURCE) return [frame];
      const line = this.#ownLine(frame.line);
      return line > 0 ? [{ ...frame, line: String(line) }] : [];
    });
    const [raw, pretty] = [exception.raw, exception.pretty].map((text) => this.#restoreText(text));
    return JSON.stringify({ ...exception, trace, raw, pretty });
  }

  #restoreText(text: unknown): unknown {
    if (typeof text !== "string") return text;
    return text.split("\n").flatMap((line) => {
      const number = /^ +at .*\(<buffer>:(\d+)/.exec(line)?.[1];
      if (number === undefined) return [line];
      const own = this.#ownLine(number);
      return own > 0 ? [line.replace(/(?<=.*<buffer>:)\d+/, String(own))] : [];
    }).join("\n");
  }

  /** Returns the line in the query, or a number below 1 for a line of the wrapper. */
  #ownLine(line: unknown): number {
    return Number(line) - this.#linesBefore;
  }
}

interface TracedCall {
  readonly source?: unknown;
  readonly line?: unknown;
}

function parse(json: string) {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
