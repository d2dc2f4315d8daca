/**
 * The module as a program:
 *
 * ```sh
 * deno run --allow-run --allow-net --allow-read --allow-write --allow-env \
 *   jsr:@x/jsockd/cli COMMAND [OPTIONS] [ARGUMENTS]
 * ```
 *
 * It can be installed as `jsockd`:
 *
 * ```sh
 * deno install --global --name jsockd \
 *   --allow-run --allow-net --allow-read --allow-write --allow-env jsr:@x/jsockd/cli
 * ```
 *
 * | command | what it does |
 * | --- | --- |
 * | `install` | downloads and verifies a jsockd, and prints its path |
 * | `run FUNCTION [JSON]` | runs a function and prints its result |
 * | `build ENTRY` | bundles, compiles and signs a module |
 * | `keygen [PREFIX]` | makes a key pair to sign modules with |
 * | `doctor` | finds out what would keep a server from running here |
 * | `bench` | measures throughput and latency of a server |
 * | `help [COMMAND]` | lists the commands, or explains one |
 *
 * Results go to stdout; messages, progress and the server's log go to stderr. The exit status is 0
 * if all went well, 1 if it did not, 2 if the command line makes no sense, and 128 and the number of
 * the signal if one ended it, which leaves nothing behind.
 *
 * With fewer permissions, a command that lacks one names the flags to add; `help` and `keygen` without
 * PREFIX need none. Each command's options are in its help text: `help COMMAND`.
 *
 * @module
 */
import "../common/runtime_check.ts";
import manifest from "../../deno.json" with { type: "json" };
import { JSOCKD_VERSION } from "../common/version.ts";
import { didYouMean, parseArguments, UsageError } from "./arguments.ts";
import type { Command } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { commandHelp, programHelp } from "./help.ts";
import { Interruption } from "./interruption.ts";
import { describeError } from "./report.ts";

if (import.meta.main) {
  // A read of stdin that nobody waits for any more would keep the program from ending by itself.
  Deno.exit(await main(Deno.args));
}

async function main(args: readonly string[]): Promise<number> {
  using interruption = new Interruption();
  let status: number;
  try {
    status = await dispatch(args, interruption.signal);
  } catch (error) {
    status = error instanceof UsageError ? 2 : 1;
    // What fails because the user ended it is no news.
    if (interruption.status === undefined) console.error(describeError(error));
  }
  return interruption.status ?? status;
}

async function dispatch(
  [name, ...args]: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  switch (name) {
    case undefined:
      console.error(programHelp());
      return 2;
    case "--version":
      console.log(`${manifest.name} ${manifest.version} for JSockD ${JSOCKD_VERSION}`);
      return 0;
    case "help":
    case "--help":
    case "-h":
      console.log(await help(args));
      return 0;
  }
  const command = await loadCommand(name);
  const { values, operands, wantsHelp } = parseArguments(args, command);
  if (!wantsHelp) return await command.run(values, operands, signal);
  console.log(commandHelp(name, command));
  return 0;
}

async function help([name, ...rest]: readonly string[]): Promise<string> {
  if (rest.length > 0) throw new UsageError(`Cannot explain ${rest.length + 1} commands at once`);
  if (name === undefined || name === "help") return programHelp();
  return commandHelp(name, await loadCommand(name));
}

async function loadCommand(name: string): Promise<Command> {
  if (Object.hasOwn(COMMANDS, name)) return (await COMMANDS[name]!.load()).command;
  throw new UsageError(
    `Cannot run '${name}': there is no such command${
      didYouMean(name, [...Object.keys(COMMANDS), "help", "--help", "--version"])
    }`,
  );
}
