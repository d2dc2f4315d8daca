import type { Differences, Unlike } from "../differences.ts";
import type { TestServer } from "../servers.ts";
import type { Observation } from "./observer.ts";
import { inSameWords } from "./engine_words.ts";
import type { Program } from "./program.ts";

/** What a server says in its log of a command that it refuses. */
const REFUSED =
  /^ERROR (Exception compiling buffer|JSON parse exception|Error attempting to JSON serialize return value):/;

/** Frames of what a runtime adds to the language in JavaScript. */
const GUEST_FRAME = /<jsockd>|shims\/bundle/;

/** The exception of a promise that nothing will settle. */
export const NEVER_SETTLED = 'exception "uninitialized"';

/** A server, and what it was seen to say of a program. */
export type Answer = readonly [TestServer, Observation];

/** Whether two servers say the same of a program, but for the listed differences. */
export function areEqual(program: Program, first: Answer, second: Answer): boolean {
  if (!isComparable(program, first[0], second[0])) return true;
  const [a, b] = comparable(program, first, second);
  return a.join("\n") === b.join("\n");
}

/** Whether there is no listed difference on account of which a program shows nothing. */
export function isComparable(
  { query, param = "" }: Program,
  ...servers: readonly TestServer[]
): boolean {
  return !servers.some(({ differences }) =>
    differences.incomparable.some(({ pattern }) => pattern.test(`${query} ${param}`))
  );
}

/** Returns what two servers say of a program, without what is listed as a difference of either. */
export function comparable(
  program: Program,
  first: Answer,
  second: Answer,
): [Observation, Observation] {
  const [{ differences: a }, ofFirst] = first;
  const [{ differences: b }, ofSecond] = second;
  if (a.engine !== b.engine) {
    const raw = (entries: Observation) =>
      (a.loggedRefusals === b.loggedRefusals ? entries : withoutRefusals(entries))
        .map(withRawException);
    return betweenEngines(program, raw(ofFirst), raw(ofSecond), a, b);
  }
  const isExact = a.nativeFrames === b.nativeFrames &&
    a.messageLineSeparator === b.messageLineSeparator &&
    a.placesOfNoFunction === b.placesOfNoFunction &&
    ![...ofFirst, ...ofSecond].some((entry) => GUEST_FRAME.test(entry));
  const form = (observation: Observation) =>
    isExact
      ? erase(
        program,
        a.loggedRefusals === b.loggedRefusals ? observation : withoutRefusals(observation),
        a,
        b,
      )
      : commonForm(program, observation, a, b);
  const isStale = (a.staleExceptions || b.staleExceptions) &&
    [ofFirst, ofSecond].some((entries) => commonForm(program, entries).includes(NEVER_SETTLED));
  return isStale ? [[], []] : [form(ofFirst), form(ofSecond)];
}

/**
 * Returns what a server says of a program, and what was recorded of it, without what is listed as a
 * difference of the server or of those that were recorded.
 */
export function comparableToRecorded(
  program: Program,
  { differences }: TestServer,
  observation: Observation,
  recorded: Observation,
  recordedOf: readonly Differences[],
): [Observation, Observation] {
  const form = commonForm(program, observation, ...recordedOf);
  return recordedOf.some(({ engine }) => engine === differences.engine)
    ? [form, recorded]
    : betweenEngines(program, form, recorded, differences);
}

/** Returns what two servers on different engines say, without what is of the engines. */
function betweenEngines(
  program: Program,
  first: Observation,
  second: Observation,
  ...differences: Differences[]
): [Observation, Observation] {
  const erased = [first, second].map((all) => erase(program, all, ...differences));
  return inSameWords(program, erased[0]!, erased[1]!).map((entries) =>
    // Where a message ends in the log is chance: its frames may be in one entry, or in several.
    erase(program, [entries.join("\n")], ...differences)
  ) as [Observation, Observation];
}

/** Returns what every server says: no more of an exception than what the rest of it is made from. */
export function commonForm(
  program: Program,
  observation: Observation,
  ...differences: Differences[]
): Observation {
  return erase(program, withoutRefusals(observation).map(withRawException), ...differences);
}

function withoutRefusals(observation: Observation): Observation {
  return observation.filter((entry) => !REFUSED.test(entry));
}

function erase(
  { query, param = "" }: Program,
  observation: Observation,
  ...differences: readonly Differences[]
): Observation {
  const erased = new Set<Unlike>(
    differences.flatMap((all) => all.erased)
      .filter(({ programs }) => programs?.test(`${query} ${param}`) ?? true),
  );
  return observation.map((entry) =>
    [...erased].reduce(
      (text, { pattern, replacement = "" }) => text.replaceAll(pattern, replacement),
      entry,
    )
  );
}

function withRawException(entry: string): string {
  const report = entry.startsWith("exception {")
    ? JSON.parse(entry.slice("exception ".length))
    : {};
  return "raw" in report ? `exception ${JSON.stringify(report.raw)}` : entry;
}
