import { JSockDClientError } from "../common/errors.ts";
import type { FileHashes } from "./bundler/hash.ts";
import { formatProblem, type Problem } from "./bundler/problems.ts";

/** Something is wrong in the sources of a module. */
export class SourceError extends JSockDClientError {
  /** All files, there or not, that were looked at. When one changes, it may be right. */
  readonly inputs: FileHashes;

  /**
   * Makes an error.
   *
   * @param entry The path of the module.
   * @param problems All that is wrong.
   * @param inputs The files that were looked at.
   */
  constructor(entry: string, problems: readonly Problem[], inputs: FileHashes) {
    const count = problems.length === 1 ? "1 error" : `${problems.length} errors`;
    const head = `Cannot build the module '${entry}': ${count}`;
    super("CONFIG", [head, ...problems.map(formatProblem)].join("\n\n"));
    this.inputs = inputs;
  }
}
