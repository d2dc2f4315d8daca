/**
 * Runs a command, prints its result and the server's process ID, and ends without closing the
 * client: with `Deno.exit()` if the argument is `exit`, else by SIGKILL.
 */
import { initEmbeddedJSockDClient } from "../../src/embedded/mod.ts";

const client = await initEmbeddedJSockDClient({ nThreads: 1 });
console.log(await client.run("(_, n) => n + 1", 41), client.pid);
if (Deno.args[0] === "exit") Deno.exit();
Deno.kill(Deno.pid, "SIGKILL");
