/**
 * Compares the client with bare loops on sockets of the same kind, and prints medians and their
 * ratios. Both are measured alternately in the same run, because machines differ and are noisy, but
 * ratios hold.
 *
 *     deno task bench [--json FILE] [--only PART_OF_A_NAME] [--server NAME]
 */
import { parseArgs } from "node:util";
import { servers } from "../conformance/servers.ts";
import { CASES, type Outcome, type Target } from "./cases.ts";
import { ENGINE_CASES } from "./engines.ts";
import { measureIsolation } from "./isolation.ts";
import { measureMemory } from "./memory.ts";
import { measureFirstAnswer, measureImport } from "./program_start.ts";
import { measureReact, measureReactTail } from "./react.ts";
import { NATS_CASES } from "./nats.ts";
import { measureScaling } from "./scaling.ts";
import { measureStart } from "./start.ts";
import { hasNatsServer, NO_NATS_SERVER } from "../support/nats_server.ts";

const { values: options } = parseArgs({
  args: Deno.args,
  options: {
    json: { type: "string" },
    only: { type: "string", default: "" },
    server: { type: "string" },
  },
});

const isWanted = ({ name }: { name: string }) => name.includes(options.only);

const report = [];
for (const server of servers.filter(({ name }) => name === (options.server ?? name))) {
  console.log(`\n${server.name}`);
  const cases: Record<string, Outcome> = {};
  const all = [
    ...CASES,
    measureIsolation,
    measureReact,
    measureReactTail,
    measureStart,
    measureImport,
    measureFirstAnswer,
    measureMemory,
    // A worker on QuickJS in WebAssembly is no different.
    ...server.name === "embedded" ? [] : NATS_CASES,
  ];
  for (const one of all.filter(isWanted)) {
    if (one.needsIsolation && !server.differences.isolates) continue;
    if (one.needsNats && !hasNatsServer) {
      console.log(`  SKIP ${one.name}: ${NO_NATS_SERVER}`);
      continue;
    }
    cases[one.name] = print(one, await one.measure(server));
  }
  report.push({
    server: server.name,
    cases,
    scaling: options.json && await measureScaling(server),
  });
}

if (options.server === undefined) {
  const v8 = servers.find(({ name }) => name === "v8")!;
  const jsockd = servers.find(({ differences }) => differences.hostModules);
  console.log(`\nv8 against ${jsockd?.name ?? "no jsockd"}`);
  for (const one of ENGINE_CASES.filter(isWanted)) {
    if (jsockd !== undefined || !one.needsJSockD) print(one, await one.measure(v8, jsockd ?? v8));
  }
}
if (options.json) await Deno.writeTextFile(options.json, JSON.stringify(report, null, 2));

function print({ name, target }: { name: string; target: Target }, outcome: Outcome): Outcome {
  const [reached, limit] = "atLeast" in target
    ? [outcome.ratio >= target.atLeast, `≥ ${target.atLeast}`]
    : [outcome.ratio <= target.atMost, `≤ ${target.atMost}`];
  console.log(
    `  ${reached ? "ok  " : "MISS"} ${name.padEnd(65)} ${outcome.ratio.toFixed(2).padStart(6)} ` +
      `${limit.padEnd(7)} (${outcome.detail})`,
  );
  return outcome;
}
