/** A line of a stack trace, as JSockD reports it. */
export interface Frame {
  readonly functionName: string | null;
  readonly source: string;
  readonly line: string | null;
  readonly column: string | null;
  /** The place in the original sources; null if there is none, absent without a source map. */
  readonly mapped?: MappedFrame | null;
}

/** A place in the sources that a module was built from. */
export interface MappedFrame {
  readonly source: string;
  readonly line: number;
  readonly column: number;
  readonly functionName?: string;
}

/** Finds the original place of a frame. */
export type MapFrame = (frame: Frame) => MappedFrame | null;

/** What is said of an exception. */
export interface ExceptionReport {
  readonly errorMessage: string;
  readonly trace: readonly Frame[];
  readonly raw: string;
  readonly pretty: string;
}

/** Bytes of a thrown value, in UTF-8, that are reported. */
const MAX_BYTES = 10_240;
const MAX_BYTES_PER_UNIT = 3;

const FRAME = /^\s+at (?:(.*) \((.*)\)|(.*))\s*$/;
const NATIVE = "native";
const UNKNOWN_FUNCTION = "<unknown>";
const POSITION = /^(.*?):(\d+)(?::(\d+))?$/;

/**
 * Reports an exception.
 *
 * @param shown The thrown value as QuickJS shows it: for an Error, its message and its stack.
 * @param mapFrame Finds original places, if there is a source map.
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
  return { errorMessage, trace, raw, pretty: prettify(errorMessage, trace) };
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

function prettify(errorMessage: string, trace: readonly Frame[]): string {
  const lines = trace.map((frame) => {
    const mapped = frame.mapped ? ` -> ${place(frame.mapped)}` : "";
    return `\n  at ${place(frame)}${mapped}`;
  });
  return `\n${errorMessage}${lines.length > 0 ? ":" : ""}${lines.join("")}`;
}

function place({ functionName, source, line, column }: Frame | MappedFrame): string {
  const position = [source, line, column].filter((part) => part !== null)
    .join(":");
  return `${functionName ?? UNKNOWN_FUNCTION} (${position})`;
}
