/**
 * The command line of this package:
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
 * | `keygen [PREFIX]` | generates a key pair to sign modules with |
 * | `doctor` | checks whether a server can run here |
 * | `bench` | measures throughput and latency of a server |
 * | `worker` | runs a module's exports for clients that reach it over NATS |
 * | `playground` | serves a page to try the servers on |
 * | `help [COMMAND]` | lists the commands, or explains one |
 *
 * Results go to stdout. Error messages, progress and the server's log go to stderr. The exit code
 * is 0 for success, 1 for a failure, and 2 for a mistake in the command line. If a signal
 * interrupts the program, it cleans up and exits with 128 plus the number of the signal.
 *
 * A command that lacks permissions prints the flags to add. `help`, and `keygen` without PREFIX,
 * need no permissions. `help COMMAND` lists the options of a command.
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
  // Without this, an abandoned read of stdin would keep the program running.
  Deno.exit(await main(Deno.args));
}

async function main(args: readonly string[]): Promise<number> {
  using interruption = new Interruption();
  let exitCode: number;
  try {
    exitCode = await dispatch(args, interruption.signal);
  } catch (error) {
    exitCode = error instanceof UsageError ? 2 : 1;
    // After an interruption, an error is only its consequence.
    if (interruption.exitCode === undefined) console.error(describeError(error));
  }
  return interruption.exitCode ?? exitCode;
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
