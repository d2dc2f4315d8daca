/**
 * Starts a client by `initJSockDClientViaAutoDownload()` with the two arguments that are given as JSON,
 * and prints what a command gives, or what went wrong.
 */
import { initJSockDClientViaAutoDownload, JSockDClientError } from "../../mod.ts";

const [config, options] = JSON.parse(Deno.args[0]!);
try {
  await using client = await initJSockDClientViaAutoDownload(config, options);
  console.log(await client.run("(_, n) => n + 1", 41));
} catch (error) {
  if (!(error instanceof JSockDClientError)) throw error;
  console.log(error.code, error.message);
}
