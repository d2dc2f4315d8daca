/** A fenced block of code. */
export interface Block {
  /** The language that it is marked with. */
  readonly language: string;
  /** The file that it is said to be; empty if it is not. */
  readonly file: string;
  /** What is in it. */
  readonly code: string;
  /** The line of the text that it begins in. */
  readonly line: number;
}

/** The fenced blocks of code of a Markdown text. */
export function codeBlocks(markdown: string): Block[] {
  return Array.from(
    markdown.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms),
    ({ 1: language = "", 2: file = "", 3: code = "", index }) => ({
      language,
      file,
      code,
      line: markdown.slice(0, index).split("\n").length,
    }),
  );
}
