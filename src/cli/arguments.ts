import { parseArgs, type ParseArgsConfig } from "node:util";
import { closestString } from "@std/text/closest-string";
import type { Command, Options, Values } from "./command.ts";

/** A command line that makes no sense. The message is for the person who wrote it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What a command is called with. */
export interface Arguments {
  /** What is given for each option. */
  readonly values: Values;
  /** The other arguments. */
  readonly operands: readonly string[];
  /** Whether the command is to be explained rather than run. */
  readonly wantsHelp: boolean;
}

/**
 * Reads the arguments of a command.
 *
 * @throws {UsageError} if they are not what it takes.
 */
export function parseArguments(args: readonly string[], command: Command): Arguments {
  const { values: { help, ...texts }, positionals } = parseStrictly(args, command.options);
  // Whoever asks for help need not know what the command takes.
  if (help) return { values: {}, operands: [], wantsHelp: true };
  checkOperands(positionals, Object.keys(command.operands));
  const values = Object.entries(texts).map(([name, text]) =>
    [name, toValue(name, text, command.options[name]!.range)] as const
  );
  return { values: Object.fromEntries(values), operands: positionals, wantsHelp: false };
}

/** Names one of the names that is meant, perhaps, by one that is unknown. */
export function didYouMean(name: string, names: readonly string[], prefix = ""): string {
  return names.length === 0 ? "" : `; did you mean '${prefix}${closestString(name, names)}'?`;
}

/**
 * Checks that text is JSON.
 *
 * @param name What the text is, in words.
 * @returns The same text.
 * @throws {UsageError} if it is not.
 */
export function checkJson(text: string, name: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new UsageError(`Cannot read ${name} as JSON: ${(error as SyntaxError).message}`);
  }
  return text;
}

type ParsedValues = Record<string, string | true | undefined>;

function parseStrictly(args: readonly string[], options: Options) {
  const config: NonNullable<ParseArgsConfig["options"]> = { help: { type: "boolean", short: "h" } };
  for (const [name, { value }] of Object.entries(options)) {
    config[name] = { type: value === undefined ? "boolean" : "string" };
  }
  try {
    const parsed = parseArgs({ args: [...args], options: config, allowPositionals: true });
    return { ...parsed, values: { ...parsed.values } as ParsedValues };
  } catch (error) {
    throw toUsageError(error, Object.keys(config));
  }
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
  if (missing.length > 0) throw new UsageError(`Cannot go on without ${missing.join(" ")}`);
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
  const [least, greatest] = range;
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number >= least && number <= greatest) return number;
  throw new UsageError(
    `Cannot use '${text}' as --${name}: expected a whole number from ${least} to ${greatest}`,
  );
}
