/** A fenced code block. */
export interface Block {
  /** The language after the opening fence. */
  readonly language: string;
  /** The file name after the language; empty if there is none. */
  readonly file: string;
  /** The text of the block. */
  readonly code: string;
  /** The line of the opening fence, from 1. */
  readonly line: number;
}

/** Returns the fenced code blocks of a Markdown text. */
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
