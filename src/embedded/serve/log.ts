import { encodeLogEntry } from "../../protocol/logs.ts";
import type { Log } from "../engines/engine.ts";

/**
 * Makes the log that goes to stderr.
 *
 * @param prefix Stands before each message of the server itself; one of more than a line would break
 * the format, and is ignored.
 */
export function logToStderr(prefix: string): Log {
  const usedPrefix = /[\r\n]/.test(prefix) ? "" : prefix;
  return (level, text, origin = "server") => {
    const timestamp = Temporal.Now.instant();
    const message = origin === "console" ? text : usedPrefix + text.replace(/[ \t\r\n]+$/, "");
    const entry = encodeLogEntry({ timestamp, level, message });
    writeAllSync(Deno.stderr, new TextEncoder().encode(entry));
  };
}

/** Writes all the bytes, however many calls that takes. */
export function writeAllSync(
  writer: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
): void {
  for (let written = 0; written < bytes.length;) {
    written += writer.writeSync(bytes.subarray(written));
  }
}
