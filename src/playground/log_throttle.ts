import type { LogLine } from "./wire.ts";

/** Lines that each server may show in a second. A program may write millions. */
const MAX_LINES = 200;
const MAX_LENGTH = 4000;

/** Passes on the lines of servers' logs, but not more than a page can show. */
export class LogThrottle {
  readonly #sink: (line: LogLine) => void;
  readonly #counts = new Map<string, { second: number; lines: number }>();

  /** Creates a throttle that passes lines on to a sink. */
  constructor(sink: (line: LogLine) => void) {
    this.#sink = sink;
  }

  /** Passes a line on, or drops it. */
  send(line: LogLine): void {
    const second = Math.floor(Date.now() / 1000);
    const last = this.#counts.get(line.id);
    const lines = last?.second === second ? last.lines + 1 : 1;
    this.#counts.set(line.id, { second, lines });
    // What happened to the server is always shown: it is rare.
    if (lines < MAX_LINES || line.level === "SERVER") this.#sink(shortened(line));
    else if (lines === MAX_LINES) {
      this.#sink({ id: line.id, level: "SERVER", text: "More lines in this second are not shown" });
    }
  }
}

function shortened(line: LogLine): LogLine {
  const { text } = line;
  return text.length <= MAX_LENGTH ? line : { ...line, text: `${text.slice(0, MAX_LENGTH)}…` };
}
