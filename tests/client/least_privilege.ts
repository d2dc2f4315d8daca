/**
 * Starts a client with its sockets in a folder and runs a command. Prints the permissions that it
 * needs, then the result or the error.
 *
 *     least_privilege.ts FOLDER [reload]
 *
 * With `reload`, it reloads the server before the command.
 */
import { initJSockDClient, JSockDClientError, permissionFlags } from "../../mod.ts";
import { embeddedServer } from "../../src/embedded/mod.ts";

const config = { nThreads: 2, socketDir: Deno.args[0]! };
const server = embeddedServer();
console.log(permissionFlags(config, server).join(" "));
try {
  await using client = await initJSockDClient(config, server);
  if (Deno.args[1] === "reload") await client.reload({});
  console.log(await client.run("(_, n) => n + 1", 41));
} catch (error) {
  if (!(error instanceof JSockDClientError)) throw error;
  console.log(error.code, error.message);
}
