import type { Logger } from "../config/config.ts";
import type { LogEntry } from "../protocol/logs.ts";

/** Takes what the server logs. */
export type LogSink = (entry: LogEntry) => void;

/** Makes a logger harmless: what it throws, now or later, is nobody's business but its own. */
export function toLogSink(logger: Logger): LogSink {
  return ({ timestamp, level, message }) => {
    try {
      // A logger may be an async function: its type allows that, since it says void.
      const result: unknown = logger(timestamp, level, message);
      if (result instanceof Promise) result.catch(() => {});
    } catch {
      // See above.
    }
  };
}

/** What a server logs when its client closes it, which is no news to anybody. */
const FAREWELL = "Exiting after SIGTERM received";

/** Writes a message to stderr. */
export const logToStderr: Logger = (timestamp, level, message) => {
  if (message === FAREWELL) return;
  const time = timestamp === undefined ? "" : `${timestamp} `;
  console.error(`[jsockd] ${time}${level} ${toPrintable(message)}`);
};

/**
 * Makes text that is one line and shows as what it is. JavaScript that a server runs may log what it
 * likes, and control characters could have a terminal show anything.
 */
export function toPrintable(text: string): string {
  return text.replace(/[^\P{Cc}\t]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(2, "0");
    return character === "\n" ? "\\n" : `\\x${code}`;
  });
}
