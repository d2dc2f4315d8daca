/**
 * Serves a page to try the servers on, until it is interrupted:
 *
 *     deno task playground [--jsockd PATH] [--port NUMBER]
 */
import { startPlayground } from "@x/jsockd/playground";
import { parseArgs } from "node:util";

const { values: { jsockd, port } } = parseArgs({
  options: { jsockd: { type: "string" }, port: { type: "string", default: "8000" } },
});

console.log("Starting the servers …");
await using playground = await startPlayground({
  port: Number(port),
  ...jsockd !== undefined && { jsockdExec: jsockd },
});
console.log(`The playground is at ${playground.url}`);

const interrupted = Promise.withResolvers<void>();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, interrupted.resolve);
}
await interrupted.promise;
