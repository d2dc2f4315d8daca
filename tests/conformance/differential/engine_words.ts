import type { Observation } from "./observer.ts";
import type { Program } from "./program.ts";

/** What an engine says is wrong: an error of a class of its own, and all of the text up to the stack. */
const ENGINE_ERROR =
  /\b(?<kind>(?:Type|Range|Reference|Syntax|URI|Internal)Error): (?<message>(?:(?!\n {4}at )[^])*)/g;

/** The texts in JSON. */
const JSON_TEXT = /"(?:[^"\\]|\\.)*"/g;

/** Of entries in JSON: what comes before it. */
const BEFORE_JSON = /^(ok|exception|message) /;

const IN_OTHER_WORDS = "…";

/** What a message is, at least on V8; the name of an error is not, and neither is its stack. */
const SENTENCE = /^\S+ \S/;

/**
 * Puts what two different engines say of a program into the same words where it is theirs alone: the
 * message of an error of the same class, if neither the program nor the server holds that text.
 */
export function inSameWords(
  program: Program,
  first: Observation,
  second: Observation,
): [Observation, Observation] {
  if (first.length !== second.length) return [first, second];
  const pairs = first.map((entry, i) => inPairs(program, entry, second[i]!));
  return [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
}

function inPairs(program: Program, first: string, second: string): [string, string] {
  const kind = BEFORE_JSON.exec(first)?.[0];
  if (kind === undefined || !second.startsWith(kind)) {
    return withoutMessages(program, first, second);
  }
  return matchedInPairs(JSON_TEXT, first, second, ([a], [b]) => {
    const [textA, textB] = withoutMessages(program, JSON.parse(a), JSON.parse(b));
    const isMessage = textA !== textB && /\bmessage\b/.test(program.query) &&
      SENTENCE.test(textB) && areForeign(program, textA, textB);
    return isMessage
      ? [JSON.stringify(IN_OTHER_WORDS), JSON.stringify(IN_OTHER_WORDS)]
      : [JSON.stringify(textA), JSON.stringify(textB)];
  });
}

function withoutMessages(program: Program, first: string, second: string): [string, string] {
  return matchedInPairs(ENGINE_ERROR, first, second, (a, b) => {
    const [errorA, errorB] = [a.groups!, b.groups!];
    const same = `${errorA["kind"]}: ${IN_OTHER_WORDS}`;
    return errorA["kind"] === errorB["kind"] &&
        areForeign(program, errorA["message"]!, errorB["message"]!)
      ? [same, same]
      : [a[0], b[0]];
  });
}

/** Whether texts are neither the program's nor the server's. */
function areForeign({ query, param = "", answers = [] }: Program, ...texts: string[]): boolean {
  // A value within a message of V8's may end in a NUL: the message is shown up to there.
  const isKnown = (text: string) =>
    [query, param, ...answers].some((part) => part.replaceAll(`${text}\\0`, "").includes(text));
  return !texts.every((text) => text.includes("JSockD")) &&
    texts.every((text) => text !== "" && !isKnown(text));
}

/** Replaces what a pattern matches in two texts, match by match, if there is as much of it in both. */
function matchedInPairs(
  pattern: RegExp,
  first: string,
  second: string,
  replace: (first: RegExpExecArray, second: RegExpExecArray) => readonly [string, string],
): [string, string] {
  const [a, b] = [first, second].map((text) => [...text.matchAll(pattern)]);
  if (a!.length !== b!.length) return [first, second];
  const replaced = a!.map((match, i) => replace(match, b![i]!));
  return [first, second].map((text, side) => {
    let index = 0;
    return text.replaceAll(pattern, () => replaced[index++]![side]!);
  }) as [string, string];
}
