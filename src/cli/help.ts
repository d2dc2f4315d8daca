import type { Command } from "./command.ts";
import { COMMANDS } from "./commands.ts";

/** The name that the program is installed by. */
const PROGRAM = "jsockd";

/** Returns the help text of the program, with a list of the commands. */
export function programHelp(): string {
  const commands = Object.entries(COMMANDS).map(([name, { summary }]) => [name, summary] as const);
  return `Runs JavaScript on JSockD, a multi-threaded QuickJS daemon.

Usage: ${PROGRAM} COMMAND [OPTIONS] [ARGUMENTS]

Commands:
${toColumns([...commands, ["help", "list the commands, or explain one"]])}

Options:
${toColumns([["-h, --help", "explain a command, or list all"], ["--version", "print the version"]])}

'${PROGRAM} help COMMAND' explains a command and lists its options.`;
}

/** Returns the help text of a command. */
export function commandHelp(name: string, command: Command): string {
  const operands = Object.entries(command.operands);
  const options = Object.entries(command.options).map(([option, { value, help }]) =>
    [value === undefined ? `--${option}` : `--${option} ${value}`, help] as const
  );
  const usage = [PROGRAM, name, "[OPTIONS]", ...operands.map(([operand]) => operand)].join(" ");
  return [
    command.description,
    `Usage: ${usage}`,
    ...(operands.length === 0 ? [] : [
      `Arguments:\n${
        toColumns(operands.map(([operand, help]) => [operand.replace(/^\[(.*)\]$/, "$1"), help]))
      }`,
    ]),
    `Options:\n${toColumns([...options, ["-h, --help", "explain this command"]])}`,
  ].join("\n\n");
}

function toColumns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
