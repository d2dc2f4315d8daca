/**
 * Runs many programs on every server at hand, and reports what differs. Usage:
 *
 *     deno task differential [NUMBER of generated programs, 10000 by default] [SEED]
 */
import fc from "fast-check";
import { servers } from "../servers.ts";
import { CORPUS } from "./corpus/mod.ts";
import { program } from "./generated/programs.ts";
import { type Observation, observeAll } from "./observer.ts";
import { parserTests } from "./parser_tests.ts";
import type { Program } from "./program.ts";
import { report } from "./report.ts";

const DEFAULT_NUMBER = 10_000;

const numRuns = Number(Deno.args[0] ?? DEFAULT_NUMBER);
const seed = Number(Deno.args[1] ?? Date.now() % 2 ** 31);
console.log(`${numRuns} generated programs, seed ${seed}`);
const suites: readonly (readonly [name: string, programs: readonly Program[]])[] = [
  ["corpus", CORPUS],
  ["parser tests", parserTests()],
  ["generated", fc.sample(program, { numRuns, seed })],
];
let different = 0;
for (const [name, programs] of suites) {
  console.log(`\n# ${name}\n`);
  different += await compareAll(programs);
}
Deno.exit(different === 0 ? 0 : 1);

async function compareAll(programs: readonly Program[]): Promise<number> {
  const observations: (readonly Observation[])[] = [];
  for (const server of servers) {
    const started = performance.now();
    observations.push(await observeAll(server, programs));
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(`${server.name}: ${programs.length} programs in ${seconds} s`);
  }
  let sum = 0;
  for (const [i, second] of servers.entries()) {
    if (i === 0) continue;
    const { text, different } = report(programs, {
      first: servers[0]!,
      second,
      ofFirst: observations[0]!,
      ofSecond: observations[i]!,
    });
    console.log(text);
    sum += different;
  }
  return sum;
}
