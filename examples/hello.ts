/**
 * Runs one function with one parameter and prints the result.
 *
 *     deno run -A examples/hello.ts [PATH_OF_A_JSOCKD]
 */
import { initJSockDClient } from "@x/jsockd";
import { embeddedServer } from "@x/jsockd/embedded";

await using client = await initJSockDClient({ nThreads: 1 }, Deno.args[0] ?? embeddedServer());

console.log(await client.run((_, name: string) => `Hello ${name}`, "World"));
