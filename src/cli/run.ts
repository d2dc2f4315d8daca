import { abortable } from "@std/async/abortable";
import { checkJson } from "./arguments.ts";
import { defineCommand } from "./command.ts";
import { startClient, toConfig } from "./server.ts";
import { MODULE_OPTIONS, SERVER_OPTIONS } from "./server_options.ts";

/** The time that a call may take beyond the run of the function itself. */
const MARGIN_US = 15_000_000;

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
    timeout: { value: "MS", range: [1, 86_400_000], help: "longest run of the function (250)" },
  },

  async run(values, [query = "", parameter = "null"], signal) {
    const paramJson = checkJson(
      parameter === "-" ? await readStdin(signal) : parameter,
      "the parameter",
    );
    const limits = values.timeout === undefined ? {} : {
      maxCommandRuntimeUs: values.timeout * 1000,
      timeoutUs: values.timeout * 1000 + MARGIN_US,
    };
    const config = await toConfig(values, { nThreads: 1, ...limits }, signal);
    await using client = await startClient(values, config, signal);
    console.log(await client.runRaw(query, paramJson, { signal }));
    return 0;
  },
});

function readStdin(signal: AbortSignal): Promise<string> {
  return abortable(new Response(Deno.stdin.readable).text(), signal);
}
