import type { TestServer } from "../servers.ts";
import { type Answer, areEqual, comparable, isComparable } from "./comparison.ts";
import type { Observation } from "./observer.ts";
import type { Program } from "./program.ts";

const MAX_SHOWN = 400;
const CONTEXT = 60;
const MAX_EXAMPLES = 5;

/** What two servers said of the same programs. */
export interface Comparison {
  readonly first: TestServer;
  readonly second: TestServer;
  readonly ofFirst: readonly Observation[];
  readonly ofSecond: readonly Observation[];
}

/** Returns what differs between two servers, by kind of program, as text; and how many programs. */
export function report(
  programs: readonly Program[],
  { first, second, ofFirst, ofSecond }: Comparison,
): { readonly text: string; readonly different: number } {
  const groups = new Map<string, string[]>();
  let exact = 0;
  let incomparable = 0;
  programs.forEach((program, i) => {
    const a: Answer = [first, ofFirst[i]!];
    const b: Answer = [second, ofSecond[i]!];
    if (ofFirst[i]!.join("\n") === ofSecond[i]!.join("\n")) exact++;
    if (!isComparable(program, first, second)) incomparable++;
    if (areEqual(program, a, b)) return;
    const group = groups.get(program.kind) ?? [];
    groups.set(program.kind, [...group, describe(program, a, b)]);
  });
  const different = [...groups.values()].flat().length;
  const heading =
    `${first.name} and ${second.name}: of ${programs.length} programs ${exact} to the ` +
    `letter the same, ${programs.length - exact - different} but for listed differences ` +
    `(${incomparable} not compared), ${different} not.`;
  const details = [...groups].map(([kind, all]) =>
    [`\n## ${kind}: ${all.length}\n`, ...all.slice(0, MAX_EXAMPLES)].join("\n")
  );
  return { text: [heading, ...details].join("\n"), different };
}

/** Returns a program and what two servers said of it, from where that differs. */
export function describe(program: Program, first: Answer, second: Answer): string {
  const [a, b] = comparable(program, first, second).map((entries) => entries.join("\n")) as [
    string,
    string,
  ];
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  const from = Math.max(0, same - CONTEXT);
  const shown = (text: string) => JSON.stringify(text.slice(from, from + MAX_SHOWN));
  return [
    program.query,
    ...(program.param === undefined ? [] : [`    parameter ${program.param.slice(0, MAX_SHOWN)}`]),
    ...(program.answers === undefined ? [] : [`    answers ${JSON.stringify(program.answers)}`]),
    `    ${first[0].name}: ${shown(a)}`,
    `    ${second[0].name}: ${shown(b)}`,
    "",
  ].join("\n");
}
