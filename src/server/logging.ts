import type { Logger } from "../config/config.ts";
import type { LogEntry } from "../protocol/logs.ts";

/** Receives the entries of the server's log. */
export type LogSink = (entry: LogEntry) => void;

/**
 * Returns a sink that calls a logger and ignores its errors, so that no logger can break the
 * client.
 */
export function toLogSink(logger: Logger): LogSink {
  return ({ timestamp, level, message }) => {
    try {
      // The return type void also allows async functions.
      const result: unknown = logger(timestamp, level, message);
      if (result instanceof Promise) result.catch(() => {});
    } catch {
      // Errors of loggers are ignored.
    }
  };
}

/** A server logs this whenever its client closes it, so it is noise. */
const SIGTERM_MESSAGE = "Exiting after SIGTERM received";

/** The default logger. Writes each message as one line to stderr. */
export const logToStderr: Logger = (timestamp, level, message) => {
  if (message === SIGTERM_MESSAGE) return;
  const time = timestamp === undefined ? "" : `${timestamp} `;
  console.error(`[jsockd] ${time}${level} ${toPrintable(message)}`);
};

/**
 * Returns text as one line with control characters escaped. The text may come from untrusted
 * JavaScript, which could make a terminal show anything with them.
 */
export function toPrintable(text: string): string {
  return text.replace(/[^\P{Cc}\t]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(2, "0");
    return character === "\n" ? "\\n" : `\\x${code}`;
  });
}
