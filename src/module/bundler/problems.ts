/** An error in the sources of a module. */
export interface Problem {
  /** The error message. */
  readonly text: string;
  /** The position of the error; undefined if it has none. */
  readonly place?: Place | undefined;
  /** Additional information, such as related positions. */
  readonly notes?: readonly Problem[];
}

/** A position in a source file. */
export interface Place {
  readonly file: string;
  /** The line, from 1. */
  readonly line: number;
  /** The column, from 1. */
  readonly column: number;
  /** The text of the line. */
  readonly lineText: string;
}

/** Formats a problem as text, with the source line and a marker below it. */
export function formatProblem({ text, place, notes = [] }: Problem): string {
  return [place === undefined ? text : formatPlace(place, text), ...notes.map(formatProblem)]
    .join("\n");
}

function formatPlace({ file, line, column, lineText }: Place, text: string): string {
  // Tabs are kept, so that the marker is below its column at any tab width.
  const indent = lineText.slice(0, column - 1).replace(/[^\t]/g, " ");
  return `${file}:${line}:${column}: ${text}\n    ${lineText}\n    ${indent}^`;
}
