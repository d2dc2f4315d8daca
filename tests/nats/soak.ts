/**
 * Kills a worker of a farm with SIGKILL each second under load, and prints how the commands settled.
 * Fails if a command had a wrong result or never settled, or if an idempotent one was rejected.
 *
 *     deno task soak-farm [--seconds N]
 */
import { parseArgs } from "node:util";
import { killWorkers, rejections, unsettled } from "./kills.ts";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "60" } } });

const { idempotent, atMostOnce, killed } = await killWorkers(Number(values.seconds));
console.log(`workers killed: ${killed}`);
for (const [name, tally] of Object.entries({ idempotent, "at most once": atMostOnce })) {
  const { sent, answered, wrong, rejected } = tally;
  console.log(
    `${name}: ${sent} sent, ${answered} answered, ${wrong} wrong, ${unsettled(tally)} unsettled, ` +
      `rejected: ${JSON.stringify(rejected)}`,
  );
}
const failed = [idempotent, atMostOnce].some((tally) => tally.wrong + unsettled(tally) > 0) ||
  rejections(idempotent.rejected) > 0;
Deno.exit(failed ? 1 : 0);
