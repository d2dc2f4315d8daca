/** The methods of `console` in commands. All of them log at the same level. */
export const CONSOLE_METHODS = ["log", "warn", "info", "error", "debug", "trace"] as const;

/** In the output of `inspect`, marks the places where jsockd's engine would begin another write. */
export const NEW_WRITE = "\0";

/** Returns the output of `inspect` without the marks. */
export function withoutWrites(shown: string): string {
  return shown.replaceAll(NEW_WRITE, "");
}

/** A line, and whether the log marks it as the last line of a message. */
interface Line {
  text: string;
  readonly isLast: boolean;
}

/**
 * Returns the log messages of a call of `console`. There may be several: jsockd ends a message at
 * the last line of each write.
 *
 * @param method The name of the method.
 * @param values The arguments. Each is the list of the writes in which jsockd would write it.
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
