import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { differencesOf, EMBEDDED } from "../differences.ts";
import { servers } from "../servers.ts";
import { areEqual, comparableToRecorded, isComparable } from "./comparison.ts";
import { CORPUS } from "./corpus/mod.ts";
import { program } from "./generated/programs.ts";
import { observeAll, Observer } from "./observer.ts";
import { readRecording } from "./recording.ts";
import { describe } from "./report.ts";

/** The same programs in every run: a failure says which seed shows it again. */
const SEED = 20_251_125;
const GENERATED = 400;

/** Of the corpus, so that the tests take seconds. `deno task differential` runs all of it. */
const SAMPLE = CORPUS.filter((_, i) => i % 5 === 0);

/** What is left out of what was recorded, and so of what is compared with it. */
const ALL_DIFFERENCES = [EMBEDDED, differencesOf("0.0"), differencesOf("0.1")];

const [embedded, ...others] = servers as [typeof servers[0], ...typeof servers];

for (const server of servers) {
  Deno.test(`${server.name}: programs do what they did on jsockd when they were recorded`, async () => {
    const recorded = readRecording().filter(({ program }) => isComparable(program, server));
    const observations = await observeAll(server, recorded.map(({ program }) => program));
    const differences = recorded.flatMap(({ program, says }, i) => {
      const [now, then] = comparableToRecorded(
        program,
        server,
        observations[i]!,
        says,
        ALL_DIFFERENCES,
      );
      return now.join("\n") === then.join("\n") ? [] : [{ program, now, then }];
    });
    assertEquals(differences, []);
  });

  Deno.test(`${server.name}: a program does the same when it is run again`, async () => {
    await using observer = new Observer(server);
    await fc.assert(
      fc.asyncProperty(program, async (program) => {
        const once = [server, await observer.observe(program)] as const;
        const again = [server, await observer.observe(program)] as const;
        if (!areEqual(program, once, again)) throw new Error(describe(program, once, again));
      }),
      { seed: SEED, numRuns: GENERATED },
    );
  });
}

for (const server of others) {
  Deno.test(`${server.name}: programs do what they do on the embedded server`, async (t) => {
    await t.step("those of the corpus", async () => {
      const here = await observeAll(server, SAMPLE);
      const there = await observeAll(embedded, SAMPLE);
      const differences = SAMPLE.flatMap((program, i) => {
        const [a, b] = [[embedded, there[i]!], [server, here[i]!]] as const;
        return areEqual(program, a, b) ? [] : [describe(program, a, b)];
      });
      assertEquals(differences, []);
    });

    await t.step("and generated ones", async () => {
      await using here = new Observer(server);
      await using there = new Observer(embedded);
      await fc.assert(
        fc.asyncProperty(program, async (program) => {
          const a = [embedded, await there.observe(program)] as const;
          const b = [server, await here.observe(program)] as const;
          if (!areEqual(program, a, b)) throw new Error(describe(program, a, b));
        }),
        { seed: SEED, numRuns: GENERATED },
      );
    });
  });
}
