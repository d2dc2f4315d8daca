/**
 * Starts a client of the executable `./server` with a relative socket folder, changes to another working
 * folder, and lets the server be restarted and reloaded. Prints the results of its commands.
 */
import { initJSockDClient } from "../../mod.ts";

await using client = await initJSockDClient(
  { nThreads: 1, socketDir: "sockets", logger: () => {} },
  "./server",
);
Deno.chdir("/");
Deno.kill(client.pid, "SIGKILL");
console.log(await client.run((_, n: number) => n + 1, 1, { idempotent: true }));
await client.reload({});
console.log(await client.run((_, n: number) => n + 1, 2));
