/** Something in the sources of a module that keeps it from being built. */
export interface Problem {
  /** What is wrong. */
  readonly text: string;
  /** Where; undefined if it is nowhere in particular. */
  readonly place?: Place | undefined;
  /** What else there is to know. */
  readonly notes?: readonly Problem[];
}

/** A place in a source file. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The text of the line. */
  readonly lineText: string;
}

/** A problem in words, with the line that it is in. */
export function formatProblem({ text, place, notes = [] }: Problem): string {
  return [place === undefined ? text : formatPlace(place, text), ...notes.map(formatProblem)]
    .join("\n");
}

function formatPlace({ file, line, column, lineText }: Place, text: string): string {
  // A tab takes as much room below as above.
  const indent = lineText.slice(0, column - 1).replace(/[^\t]/g, " ");
  return `${file}:${line}:${column}: ${text}\n    ${lineText}\n    ${indent}^`;
}
