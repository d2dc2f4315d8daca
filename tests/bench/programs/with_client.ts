// Prints how many milliseconds the import of the client takes, and from then on the first answer. The
// argument is the server's command as JSON.
const start = performance.now();
const { initJSockDClient } = await import("../../../mod.ts");
const imported = performance.now();
const config = { nThreads: 1, skipJSockDVersionCheck: true, logger() {} };
const client = await initJSockDClient(config, JSON.parse(Deno.args[0]!));
await client.run("(_, n) => n + 1", 41);
console.log(JSON.stringify([imported - start, performance.now() - imported]));
await client.close();
