/**
 * Runs a command, prints its result and the server's process number, and ends without closing: at
 * once, or when it is killed.
 */
import { initEmbeddedJSockDClient } from "../../src/embedded/mod.ts";

const client = await initEmbeddedJSockDClient({ nThreads: 1 });
console.log(await client.run("(_, n) => n + 1", 41), client.pid);
if (Deno.args[0] === "exit") Deno.exit();
Deno.kill(Deno.pid, "SIGKILL");
