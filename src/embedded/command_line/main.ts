/**
 * The program of the embedded server. Its command line is that of jsockd.
 *
 * @module
 */

import { messageOf } from "../../common/errors.ts";
import { JSOCKD_VERSION } from "../../common/version.ts";
import { ENDED_IN_ORDER } from "../../config/server_command.ts";
import { type Action, parseArguments, USAGE, UsageError } from "./arguments.ts";
import { readServerFiles, writeKeyFiles } from "./files.ts";
import { loadEngine } from "../serve/engines.ts";
import { LogWriter, makeLog, writeAllSync } from "../serve/log.ts";
import { OrderlyEnd, serve } from "../serve/serve.ts";
import type { Log } from "../engines/engine.ts";

if (import.meta.main) Deno.exit(await main(Deno.args));

/** Executes a command line, and returns the exit status. */
async function main(args: readonly string[]): Promise<number> {
  try {
    const action = parseArguments(args);
    if (action.type === "serve") return await serveLogged(action);
    await runOnce(action);
    return 0;
  } catch (error) {
    console.error(`Error: ${messageOf(error)}`);
    if (error instanceof UsageError) console.error(USAGE);
    return 1;
  }
}

/** Serves. Errors go to the log, because clients read stderr as a log. */
async function serveLogged({ options }: Extract<Action, { type: "serve" }>): Promise<number> {
  const prefix = Deno.env.get("JSOCKD_LOG_PREFIX") ?? "";
  const writer = new LogWriter();
  const log = makeLog(writer.write, prefix);
  try {
    return await serve(options, await readServerFiles(options, log), { writer, prefix, log });
  } catch (error) {
    log("ERROR", messageOf(error));
    await writer.flush([]);
    return error instanceof OrderlyEnd ? ENDED_IN_ORDER : 1;
  }
}

async function runOnce(action: Exclude<Action, { type: "serve" }>): Promise<void> {
  switch (action.type) {
    case "compile":
      return await (await import("./compile.ts")).compile(action);
    case "generateKeys":
      return await writeKeyFiles(action.prefix);
    case "version":
      return print(`jsockd ${JSOCKD_VERSION}`);
    case "evaluate": {
      const warn: Log = (_level, message) => console.error(message);
      const files = await readServerFiles(action, warn);
      const code = action.code === "-" ? await readStdin() : action.code;
      const engine = await loadEngine(action.engine);
      return print(await engine.evaluate(code, "<cmdline>", files));
    }
  }
}

/** Writes to stdout without a newline at the end, as jsockd does. */
function print(text: string): void {
  writeAllSync(Deno.stdout, new TextEncoder().encode(text));
}

async function readStdin(): Promise<string> {
  return await new Response(Deno.stdin.readable).text();
}
