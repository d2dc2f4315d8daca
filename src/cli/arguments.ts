import { parseArgs, type ParseArgsConfig } from "node:util";
import { closestString } from "@std/text/closest-string";
import type { Command, Options, Values } from "./command.ts";

/** A mistake in the command line. The message is for the user. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The parsed arguments of a command. */
export interface Arguments {
  /** The values of the options. */
  readonly values: Values;
  /** The arguments that are not options. */
  readonly operands: readonly string[];
  /** Whether to print the command's help text instead of running it. */
  readonly wantsHelp: boolean;
}

/**
 * Parses the arguments of a command.
 *
 * @throws {UsageError} If the command does not take these arguments.
 */
export function parseArguments(args: readonly string[], command: Command): Arguments {
  const { values: { help, ...texts }, positionals } = parseStrictly(args, command.options);
  // Help is available even if the other arguments are wrong.
  if (help) return { values: {}, operands: [], wantsHelp: true };
  checkOperands(positionals, Object.keys(command.operands));
  const values = Object.entries(texts).map(([name, text]) =>
    [name, toValue(name, text, command.options[name]!.range)] as const
  );
  return { values: Object.fromEntries(values), operands: positionals, wantsHelp: false };
}

/** Returns a hint at the known name that is closest to an unknown one. */
export function didYouMean(name: string, names: readonly string[], prefix = ""): string {
  return names.length === 0 ? "" : `; did you mean '${prefix}${closestString(name, names)}'?`;
}

/**
 * Checks that text is JSON.
 *
 * @param name The name of the text for the error message.
 * @returns The same text.
 * @throws {UsageError} If it is not JSON.
 */
export function checkJson(text: string, name: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new UsageError(`Cannot read ${name} as JSON: ${(error as SyntaxError).message}`);
  }
  return text;
}

/** A negative number of JSON. */
const NEGATIVE_NUMBER = /^-\d+(\.\d+)?(e[+-]?\d+)?$/i;

type ParsedValues = Record<string, string | true | undefined>;

function parseStrictly(args: readonly string[], options: Options) {
  const config: NonNullable<ParseArgsConfig["options"]> = { help: { type: "boolean", short: "h" } };
  for (const [name, { value }] of Object.entries(options)) {
    config[name] = { type: value === undefined ? "boolean" : "string" };
  }
  try {
    const parsed = parseArgs({ args: hideNumbers(args), options: config, allowPositionals: true });
    return {
      positionals: parsed.positionals.map(showNumber),
      values: Object.fromEntries(
        Object.entries(parsed.values as ParsedValues).map(([name, value]) =>
          [name, typeof value === "string" ? showNumber(value) : value] as const
        ),
      ),
    };
  } catch (error) {
    throw toUsageError(error, Object.keys(config));
  }
}

/** Node's parser takes `-5` for an option. A character that arguments cannot have hides it. */
function hideNumbers(args: readonly string[]): string[] {
  const end = args.indexOf("--");
  return args.map((arg, index) =>
    NEGATIVE_NUMBER.test(arg) && (end === -1 || index < end) ? `\0${arg}` : arg
  );
}

function showNumber(text: string): string {
  return text.replace(/^\0/, "");
}

function toUsageError(error: unknown, names: string[]): unknown {
  if (!(error instanceof TypeError) || !("code" in error)) return error;
  const unknown = /^Unknown option '(--([^']+))'/.exec(error.message);
  if (unknown !== null) {
    return new UsageError(
      `Cannot use ${unknown[1]}: there is no such option${didYouMean(unknown[2]!, names, "--")}`,
    );
  }
  return new UsageError(`Cannot read the arguments: ${error.message.replaceAll("\n", " ")}`);
}

function checkOperands(operands: readonly string[], names: readonly string[]): void {
  const missing = names.slice(operands.length).filter((name) => !name.startsWith("["));
  if (missing.length > 0) {
    throw new UsageError(`Cannot run this command without ${missing.join(" ")}`);
  }
  if (operands.length > names.length) {
    throw new UsageError(
      `Cannot use '${operands[names.length]}': expected ${names.join(" ") || "options only"}`,
    );
  }
}

function toValue(
  name: string,
  text: string | true | undefined,
  range: readonly [number, number] | undefined,
): string | number | true | undefined {
  if (range === undefined || typeof text !== "string") return text;
  const [min, max] = range;
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(
    `Cannot use '${text}' as --${name}: expected a whole number from ${min} to ${max}`,
  );
}
