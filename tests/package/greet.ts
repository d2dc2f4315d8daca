/**
 * A program of a project that uses the package: prints the permissions that it needs, and with them
 * runs a function on a server with its sockets in the folder that is the argument.
 */
import { initJSockDClient, permissionFlags } from "@x/jsockd";
import { embeddedServer } from "@x/jsockd/embedded";

const config = { nThreads: 1, socketDir: Deno.args[0]! };
const server = embeddedServer();
console.log(permissionFlags(config, server).join(" "));
await using client = await initJSockDClient(config, server);
console.log(await client.run((_, name: string) => `Hello ${name}`, "World"));
