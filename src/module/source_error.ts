import { JSockDClientError } from "../common/errors.ts";
import type { FileHashes } from "./bundler/hash.ts";
import { formatProblem, type Problem } from "./bundler/problems.ts";

/** Errors in the sources of a module. */
export class SourceError extends JSockDClientError {
  /** All files that the build depended on, including missing ones. A change may fix the errors. */
  readonly inputs: FileHashes;

  /**
   * Creates an error.
   *
   * @param entry The path of the entry point.
   * @param problems The errors in the sources.
   * @param inputs The files that the build depended on.
   */
  constructor(entry: string, problems: readonly Problem[], inputs: FileHashes) {
    const count = problems.length === 1 ? "1 error" : `${problems.length} errors`;
    const head = `Cannot build the module '${entry}': ${count}`;
    super("CONFIG", [head, ...problems.map(formatProblem)].join("\n\n"));
    this.inputs = inputs;
  }
}
