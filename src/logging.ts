import type { Logger } from "./config.ts";
import type { LogSink } from "./server/process.ts";

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

/** Writes a message to stderr, as one line. */
export const logToStderr: Logger = (timestamp, level, message) => {
  const line = message.replaceAll("\n", "\\n");
  console.error(`[jsockd] ${timestamp === undefined ? "" : `${timestamp} `}${level} ${line}`);
};
