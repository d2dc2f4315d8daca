import type { TestServer } from "../servers.ts";
import { commonForm, isComparable, NEVER_SETTLED } from "./comparison.ts";
import { CORPUS } from "./corpus/mod.ts";
import type { Observation } from "./observer.ts";
import type { Program } from "./program.ts";

/** Where the recording is: a file for a kind of programs, and in it a program and what jsockd said, a line. */
const FOLDER = new URL("./recorded/", import.meta.url);

/** What is recorded of the corpus: the rest of it tells little more. */
const KINDS = [
  ...["names of globals", "thrown", "trace of a call", "fault", "query", "result", "answer"],
  ...["message", "dialogue", "console", "console itself", "parameter described"],
];

const MAX_LENGTH = 1000;

/** A program, and what every jsockd says of it. */
export interface Recorded {
  readonly program: Program;
  readonly says: Observation;
}

/** Returns what was recorded. */
export function readRecording(): readonly Recorded[] {
  return KINDS.flatMap((kind) =>
    Deno.readTextFileSync(fileOf(kind)).trimEnd().split("\n").map((line) => JSON.parse(line))
  );
}

/**
 * Writes down every other program of which all servers say the same, and what that is.
 *
 * @param answers What each server said of the corpus.
 */
export function record(
  answers: readonly (readonly [TestServer, readonly Observation[]])[],
): void {
  const servers = answers.map(([server]) => server);
  const differences = servers.map((server) => server.differences);
  Deno.mkdirSync(FOLDER, { recursive: true });
  for (const kind of KINDS) {
    const lines = CORPUS.flatMap((program, i) => {
      if (program.kind !== kind || i % 2 === 1 || !isComparable(program, ...servers)) return [];
      const [says, ...others] = answers.map(([, all]) =>
        commonForm(program, all[i]!, ...differences)
      );
      const line = JSON.stringify({ program, says: says! } satisfies Recorded);
      const isSame = !says!.includes(NEVER_SETTLED) &&
        others.every((other) => other.join("\n") === says!.join("\n"));
      return isSame && line.length <= MAX_LENGTH ? [`${line}\n`] : [];
    });
    Deno.writeTextFileSync(fileOf(kind), lines.join(""));
  }
}

function fileOf(kind: string): URL {
  return new URL(`${kind.replaceAll(" ", "_")}.jsonl`, FOLDER);
}
