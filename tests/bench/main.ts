/**
 * Compares the client with bare loops on sockets of the same kind, and prints medians and their
 * ratios. Both are measured alternately in the same run, because machines differ and are noisy, but
 * ratios hold.
 *
 *     deno task bench [--json FILE] [--only PART_OF_A_NAME]
 */
import { parseArgs } from "node:util";
import { servers } from "../conformance/servers.ts";
import { CASES, type Outcome } from "./cases.ts";
import { measureMemory } from "./memory.ts";
import { measureReact } from "./react.ts";
import { measureScaling } from "./scaling.ts";
import { measureStart } from "./start.ts";

const { values: options } = parseArgs({
  args: Deno.args,
  options: { json: { type: "string" }, only: { type: "string", default: "" } },
});

const report = [];
for (const server of servers) {
  console.log(`\n${server.name}`);
  const cases: Record<string, Outcome> = {};
  for (const { name, target, measure } of [...CASES, measureReact, measureStart, measureMemory]) {
    if (!name.includes(options.only)) continue;
    const outcome = await measure(server);
    const [reached, limit] = "atLeast" in target
      ? [outcome.ratio >= target.atLeast, `≥ ${target.atLeast}`]
      : [outcome.ratio <= target.atMost, `≤ ${target.atMost}`];
    console.log(
      `  ${reached ? "ok  " : "MISS"} ${name.padEnd(60)} ${outcome.ratio.toFixed(2).padStart(6)} ` +
        `${limit.padEnd(7)} (${outcome.detail})`,
    );
    cases[name] = outcome;
  }
  report.push({
    server: server.name,
    cases,
    scaling: options.json && await measureScaling(server),
  });
}
if (options.json) await Deno.writeTextFile(options.json, JSON.stringify(report, null, 2));
