import { abortable } from "@std/async/abortable";
import { checkJson } from "./arguments.ts";
import { defineCommand } from "./command.ts";
import { startClient, toConfig, toLimits } from "./server.ts";
import { MODULE_OPTIONS, SERVER_OPTIONS, TIMEOUT_OPTION } from "./server_options.ts";

/** The command `jsockd run`. */
export const command = defineCommand({
  description: "Runs a function on a server and prints its result as JSON on stdout. If the\n" +
    "function throws, prints the stack trace on stderr and exits with 1.",
  operands: {
    FUNCTION: "JavaScript that evaluates to a function of (module, parameter)",
    "[JSON]": "the parameter, or - to read it from stdin (null)",
  },
  options: {
    ...SERVER_OPTIONS,
    ...MODULE_OPTIONS,
    ...TIMEOUT_OPTION,
  },

  async run(values, [query = "", parameter = "null"], signal) {
    const paramJson = checkJson(
      parameter === "-" ? await readStdin(signal) : parameter,
      "the parameter",
    );
    const config = await toConfig(values, { nThreads: 1, ...toLimits(values.timeout) }, signal);
    await using client = await startClient(values, config, signal);
    console.log(await client.runRaw(query, paramJson, { signal }));
    return 0;
  },
});

function readStdin(signal: AbortSignal): Promise<string> {
  return abortable(new Response(Deno.stdin.readable).text(), signal);
}
