/**
 * Runs a command that goes on until the program is interrupted, and then needs a thousand others;
 * prints what it gives.
 */
import { initEmbeddedJSockDClient } from "../../src/embedded/mod.ts";

await using client = await initEmbeddedJSockDClient({ nThreads: 2, maxRestartsPerMinute: 0 });
const result = await client.run("() => JSockD.sendMessage(null) * 2", null, async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  Deno.addSignalListener("SIGINT", resolve);
  console.log("waiting");
  await promise;
  Deno.removeSignalListener("SIGINT", resolve);
  // A server that the signal had reached would be gone before these have run.
  for (let n = 0; n < 1_000; n++) await client.run("(_, n) => n", n);
  return 21;
});
console.log(result);
