/**
 * Calls `initJSockDClientViaAutoDownload()` with two arguments given as JSON, and prints the result
 * of a command, or the error.
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
