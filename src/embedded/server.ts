/**
 * The embedded server's program: it understands the command line of jsockd.
 *
 * @module
 */

import { type Action, parseArguments, USAGE, UsageError } from "./arguments.ts";
import { logToStderr } from "./log.ts";
import { serve } from "./serve.ts";

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main(args: readonly string[]): Promise<number> {
  let action: Action;
  try {
    action = parseArguments(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n${USAGE}`);
    return 1;
  }
  const log = logToStderr(Deno.env.get("JSOCKD_LOG_PREFIX") ?? "");
  switch (action.type) {
    case "serve":
      return await serve(action.options, undefined, undefined, log);
    default:
      return 1;
  }
}
