/** The methods of `console` that commands have. What they write is all of one level. */
export const CONSOLE_METHODS = ["log", "warn", "info", "error", "debug", "trace"] as const;

/** Stands, in a value as `inspect` shows it, where the engine of jsockd begins to write anew. */
export const NEW_WRITE = "\0";

/** The text of a value as `inspect` shows it. */
export function withoutWrites(shown: string): string {
  return shown.replaceAll(NEW_WRITE, "");
}

/** A line, and whether the log marks it as the last one of a message. */
interface Line {
  text: string;
  readonly isLast: boolean;
}

/**
 * Returns the messages that a call of `console` is in the log. There may be several: jsockd takes a
 * line for the last one of its message if it writes no other after it in one go.
 *
 * @param method The method that is called.
 * @param values The arguments: each is what is written for it, in the pieces that are written in one go.
 */
export function consoleMessages(
  method: string,
  values: readonly (readonly string[])[],
): string[] {
  const lines: [Line, ...Line[]] = [{ text: `<console.${method}>: `, isLast: true }];
  values.forEach((pieces, index) => {
    if (index > 0) lines.at(-1)!.text += " ";
    for (const piece of pieces) write(piece);
  });
  return joinLines(lines);

  function write(piece: string): void {
    const [first = "", ...others] = piece.split("\n");
    lines.at(-1)!.text += first;
    others.forEach((text, index) => lines.push({ text, isLast: index === others.length - 1 }));
  }
}

function joinLines(lines: readonly Line[]): string[] {
  const messages: string[] = [];
  let begun: string[] = [];
  for (const { text, isLast } of lines) {
    begun.push(text);
    if (!isLast) continue;
    messages.push(begun.join("\n"));
    begun = [];
  }
  return messages;
}
