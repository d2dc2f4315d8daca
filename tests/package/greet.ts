/**
 * A program in a project that uses the package. Prints the permissions that it needs, then starts a
 * server with its sockets in the folder given as the argument, and runs a function.
 */
import { initJSockDClient, permissionFlags } from "@x/jsockd";
import { embeddedServer } from "@x/jsockd/embedded";

const config = { nThreads: 1, socketDir: Deno.args[0]! };
const server = embeddedServer();
console.log(permissionFlags(config, server).join(" "));
await using client = await initJSockDClient(config, server);
console.log(await client.run((_, name: string) => `Hello ${name}`, "World"));
