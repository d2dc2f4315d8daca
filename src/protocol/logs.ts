/** A message in the server's log. */
export interface LogEntry {
  /** The time of the message, to the microsecond; undefined if the server's clock failed. */
  readonly timestamp: Temporal.Instant | undefined;
  /** `DEBUG`, `INFO`, `WARN` or `ERROR`; {@linkcode UNFORMATTED} for a line in another format. */
  readonly level: string;
  /** The text, of one or more lines. */
  readonly message: string;
}

/** The level of a line on stderr that is not in the log's format, such as the report of a crash. */
export const UNFORMATTED = "STDERR";

/**
 * A message longer than this many characters is split, so that an endless one cannot fill the
 * memory.
 */
const MAX_MESSAGE_LENGTH = 1 << 20;

const LOG_LINE = /^([$*]) jsockd (\S+) \[([A-Z]+)\] ?(.*)$/s;

/**
 * Joins the lines of a server's log into messages. `$` marks the last line of a message, `*` the
 * lines before it.
 *
 * @example Use in a pipe
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { LogDecoder } from "@x/jsockd/protocol";
 *
 * const lines = ReadableStream.from([
 *   "* jsockd 2026-01-02T03:04:05.678901Z [INFO] first line",
 *   "$ jsockd 2026-01-02T03:04:05.678901Z [INFO] last line",
 * ]);
 * const [entry] = await Array.fromAsync(
 *   lines.pipeThrough(new TransformStream(new LogDecoder())),
 * );
 * assertEquals(entry?.message, "first line\nlast line");
 * assertEquals(entry?.timestamp?.toString(), "2026-01-02T03:04:05.678901Z");
 * ```
 */
export class LogDecoder implements Transformer<string, LogEntry> {
  #pending: LogEntry | undefined;

  /** Enqueues the message, if any, that a line completes. The line comes without its newline. */
  transform(
    line: string,
    controller: Pick<TransformStreamDefaultController<LogEntry>, "enqueue">,
  ): void {
    const match = LOG_LINE.exec(line);
    if (match === null) {
      controller.enqueue({ timestamp: undefined, level: UNFORMATTED, message: line });
      return;
    }
    const [, mark, time, level, text] = match as unknown as [
      string,
      string,
      string,
      string,
      string,
    ];
    if (this.#pending !== undefined && this.#pending.level !== level) this.flush(controller);
    const entry = this.#pending === undefined
      ? { timestamp: parseTimestamp(time), level, message: text }
      : { ...this.#pending, message: `${this.#pending.message}\n${text}` };
    this.#pending = entry;
    if (mark === "$" || entry.message.length > MAX_MESSAGE_LENGTH) this.flush(controller);
  }

  /** Enqueues an unfinished message, whose last line never came. */
  flush(controller: Pick<TransformStreamDefaultController<LogEntry>, "enqueue">): void {
    if (this.#pending !== undefined) controller.enqueue(this.#pending);
    this.#pending = undefined;
  }
}

/**
 * Returns a message in the format of a server's log: one log line for each line of its text.
 *
 * @example Use
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeLogEntry } from "@x/jsockd/protocol";
 *
 * const timestamp = Temporal.Instant.from("2026-01-02T03:04:05.000006Z");
 * assertEquals(
 *   encodeLogEntry({ timestamp, level: "INFO", message: "Hello" }),
 *   "$ jsockd 2026-01-02T03:04:05.000006Z [INFO] Hello\n",
 * );
 * ```
 */
export function encodeLogEntry(entry: LogEntry): string {
  const time = entry.timestamp?.toString({ smallestUnit: "microsecond" }) ??
    "0000-00-00T00:00:00.000000Z";
  const lines = entry.message.split("\n");
  return lines
    .map((line, i) =>
      `${i < lines.length - 1 ? "*" : "$"} jsockd ${time} [${entry.level}] ${line}\n`
    )
    .join("");
}

function parseTimestamp(text: string): Temporal.Instant | undefined {
  try {
    return Temporal.Instant.from(text);
  } catch {
    return undefined;
  }
}
