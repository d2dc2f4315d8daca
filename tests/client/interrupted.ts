/**
 * Runs a command whose message handler waits for SIGINT and then runs a thousand other commands.
 * Prints the result.
 */
import { initEmbeddedJSockDClient } from "../../src/embedded/mod.ts";

await using client = await initEmbeddedJSockDClient({ nThreads: 2, maxRestartsPerMinute: 0 });
const result = await client.run("() => JSockD.sendMessage(null) * 2", null, async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  Deno.addSignalListener("SIGINT", resolve);
  console.log("waiting");
  await promise;
  Deno.removeSignalListener("SIGINT", resolve);
  // If the signal had reached the server, it would exit before these commands have run.
  for (let n = 0; n < 1_000; n++) await client.run("(_, n) => n", n);
  return 21;
});
console.log(result);
