/**
 * Runs a command that never ends. The server stops it after 250 ms, and other commands run
 * meanwhile.
 *
 *     deno run -A examples/limits.ts [PATH_OF_A_JSOCKD]
 */
import { initJSockDClient, JSockDJSException } from "@x/jsockd";
import { embeddedServer } from "@x/jsockd/embedded";

await using client = await initJSockDClient(
  // Hides the server's log entry about the stopped command.
  { nThreads: 2, maxCommandRuntimeUs: 250_000, logger: () => {} },
  Deno.args[0] ?? embeddedServer(),
);

let running = true;
const runaway = client.run("() => { for (;;); }")
  .catch((error: unknown) => {
    if (!(error instanceof JSockDJSException)) throw error;
    return error.errorMessage;
  })
  .finally(() => running = false);

let others = 0;
while (running) {
  await client.run((_, n: number) => n + 1, others);
  others++;
}

console.log(`The command that never ends: ${await runaway}`);
console.log(`Commands that ran meanwhile on the other thread: ${others}`);
