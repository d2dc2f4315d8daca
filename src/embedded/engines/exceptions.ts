/** A frame of a stack trace, as in JSockD's records. */
export interface Frame {
  readonly functionName: string | null;
  readonly source: string;
  readonly line: string | null;
  readonly column: string | null;
  /** The original place; null if the source map has none, absent without a source map. */
  readonly mapped?: MappedFrame | null;
}

/** A place in the sources of a module. */
export interface MappedFrame {
  readonly source: string;
  readonly line: number;
  readonly column: number;
  readonly functionName?: string;
}

/** Returns the original place of a frame, or null if there is none. */
export type MapFrame = (frame: Frame) => MappedFrame | null;

/** The data of an exception's record. */
export interface ExceptionReport {
  readonly errorMessage: string;
  readonly trace: readonly Frame[];
  readonly raw: string;
  readonly pretty: string;
}

/** How much of a thrown value is reported, in bytes of UTF-8. */
const MAX_BYTES = 10_240;
const MAX_BYTES_PER_UNIT = 3;

const FRAME = /^\s+at (?:(.*) \((.*)\)|(.*))\s*$/;
const NATIVE = "native";
const UNKNOWN_FUNCTION = "<unknown>";
const POSITION = /^(.*?):(\d+)(?::(\d+))?$/;

/**
 * Returns the report of an exception.
 *
 * @param shown The thrown value in the format of QuickJS. For an Error, that is its message and
 * stack.
 * @param mapFrame Returns the original place of a frame. Only given if there is a source map.
 */
export function reportException(shown: string, mapFrame?: MapFrame): ExceptionReport {
  const raw = firstBytes(shown).trim();
  const trace: Frame[] = [];
  const messageLines: string[] = [];
  for (const line of raw.split("\n")) {
    const frame = parseFrame(line);
    if (frame !== undefined) {
      trace.push(mapFrame === undefined ? frame : { ...frame, mapped: mapFrame(frame) });
    } else if (trace.length === 0) {
      messageLines.push(line);
    }
  }
  const errorMessage = messageLines.join("\n").trim();
  return { errorMessage, trace, raw, pretty: formatPretty(errorMessage, trace) };
}

function firstBytes(text: string): string {
  if (text.length * MAX_BYTES_PER_UNIT <= MAX_BYTES) return text;
  return new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, MAX_BYTES));
}

function parseFrame(text: string): Frame | undefined {
  const match = FRAME.exec(text);
  if (match === null) return undefined;
  const functionName = match[1] || null;
  const location = match[2] ?? match[3] ?? "";
  if (location === NATIVE) return { functionName, source: NATIVE, line: null, column: null };
  const position = POSITION.exec(location);
  if (position === null) return undefined;
  const [, source = "", line = null, column = null] = position;
  return { functionName, source: source || "unknown location", line, column };
}

function formatPretty(errorMessage: string, trace: readonly Frame[]): string {
  const lines = trace.map((frame) => {
    const mapped = frame.mapped ? ` -> ${formatPlace(frame.mapped)}` : "";
    return `\n  at ${formatPlace(frame)}${mapped}`;
  });
  return `\n${errorMessage}${lines.length > 0 ? ":" : ""}${lines.join("")}`;
}

function formatPlace({ functionName, source, line, column }: Frame | MappedFrame): string {
  const position = [source, line, column].filter((part) => part !== null)
    .join(":");
  return `${functionName ?? UNKNOWN_FUNCTION} (${position})`;
}
