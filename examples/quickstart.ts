/**
 * Shows the main features, step by step, on the embedded server, which needs only Deno:
 *
 *     deno task quickstart
 */
import { initEmbeddedJSockDClient } from "@x/jsockd/embedded";

console.log("Starting a JSockD server with two threads …");
await using client = await initEmbeddedJSockDClient({ nThreads: 2 });
console.log(`Connected to version ${client.serverVersion}, process ${client.pid}.`);

console.log("Sending a function and a parameter …");
const greeting = await client.run((_, name: string) => `Hello ${name}`, "World");
console.log(greeting);

console.log("Sending a function that requests data from this program while it runs …");
const prices: Record<string, number> = { apple: 3, pear: 4 };
const total = await client.run(
  "(_, basket) => basket.reduce((sum, fruit) => sum + JSockD.sendMessage(fruit), 0)",
  ["apple", "pear", "apple"],
  (fruit: string) => prices[fruit],
);
console.log(`The basket costs ${total}.`);

console.log("Sending a function that never ends …");
const error = await client.run("() => { for (;;); }").catch((error: Error) => error);
console.log(`The server stopped it: ${error}`);

console.log("Closing the client, which stops the server.");
