/** Runs a command that goes on until the program is interrupted, and prints what it gives. */
import { initEmbeddedJSockDClient } from "../../src/embedded/mod.ts";

await using client = await initEmbeddedJSockDClient({ nThreads: 1, maxRestartsPerMinute: 0 });
const result = await client.run("() => JSockD.sendMessage(null) * 2", null, async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  Deno.addSignalListener("SIGINT", resolve);
  console.log("waiting");
  await promise;
  Deno.removeSignalListener("SIGINT", resolve);
  return 21;
});
console.log(result);
