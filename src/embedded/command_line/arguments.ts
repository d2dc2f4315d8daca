import { ENGINE_FLAG, MEMORY_FLAG } from "../../config/server_command.ts";
import { MAX_THREADS } from "../../protocol/limits.ts";
import type { EngineName } from "../engines/engine.ts";
import type { ServeOptions } from "../serve/serve.ts";

/** What a command line asks for. */
export type Action =
  | { readonly type: "serve"; readonly options: ServeOptions }
  | {
    readonly type: "evaluate";
    readonly engine: EngineName;
    readonly code: string;
    readonly module: string | undefined;
    readonly sourceMap: string | undefined;
  }
  | {
    readonly type: "compile";
    readonly engine: EngineName;
    readonly source: string;
    readonly output: string;
    readonly privateKey: string | undefined;
  }
  | { readonly type: "generateKeys"; readonly prefix: string }
  | { readonly type: "version" };

/** A command line is wrong. The message is for the person who wrote it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The help text. */
export const USAGE = `Usage: jsockd -s [--] SOCKET... [-m MODULE] [-sm SOURCE_MAP]
              [-t MICROSECONDS] [-i MICROSECONDS] [-b XX]
       jsockd -c MODULE.mjs OUT [-pk KEY.privkey] [-ss | -sd]
       jsockd -k PREFIX
       jsockd [-m MODULE] [-sm SOURCE_MAP] -e CODE|-
       jsockd -v

Before any of these: [--engine quickjs|v8] [--max-memory MEGABYTES]
                     [--max-memory-bytes BYTES]`;

const DEFAULT_MAX_COMMAND_RUNTIME_US = 250_000;
const DEFAULT_SEPARATOR = 0x0A;

/** The names of each flag's values. `-s` takes any number of values, but at least one. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  "-s": ["SOCKET..."],
  "-m": ["MODULE"],
  "-sm": ["SOURCE_MAP"],
  "-t": ["MICROSECONDS"],
  "-i": ["MICROSECONDS"],
  "-b": ["XX"],
  "-c": ["MODULE.mjs", "OUT"],
  "-pk": ["KEY.privkey"],
  "-ss": [],
  "-sd": [],
  "-k": ["PREFIX"],
  "-e": ["CODE"],
  "-v": [],
};

/** For each flag that names an action, the flags that may go with it. */
const COMPANIONS: Readonly<Record<string, readonly string[]>> = {
  "-v": [],
  "-e": ["-m", "-sm"],
  "-c": ["-pk", "-k", "-ss", "-sd"],
  "-k": [],
  "-s": ["-m", "-sm", "-t", "-i", "-b"],
};

/**
 * Parses a command line.
 *
 * @throws {UsageError} If it is wrong.
 */
export function parseArguments(args: readonly string[]): Action {
  const { engine, maxMemoryMb, maxMemoryBytes, rest } = takeOwnFlags(args);
  const flags = splitFlags(rest);
  const mainFlag = Object.keys(COMPANIONS).find((flag) => flags.has(flag));
  if (mainFlag === undefined) {
    throw new UsageError("Cannot start without -s SOCKET, -c, -k, -e or -v");
  }
  for (const flag of flags.keys()) {
    if (flag !== mainFlag && !COMPANIONS[mainFlag]!.includes(flag)) {
      throw new UsageError(`Cannot use ${flag} together with ${mainFlag}`);
    }
  }
  const value = (flag: string): string | undefined => flags.get(flag)?.[0];
  const [first = "", second = ""] = flags.get(mainFlag)!;
  const module = value("-m");
  const sourceMap = value("-sm");
  if (sourceMap !== undefined && module === undefined) {
    throw new UsageError("Cannot use -sm without -m");
  }
  switch (mainFlag) {
    case "-v":
      return { type: "version" };
    case "-e":
      return { type: "evaluate", engine, code: first, module, sourceMap };
    case "-k":
      return { type: "generateKeys", prefix: first };
    case "-c":
      if (flags.has("-ss") && flags.has("-sd")) {
        throw new UsageError("Cannot use -ss together with -sd");
      }
      // jsockd calls the flag of the key -k before version 0.1, and -pk since.
      return {
        type: "compile",
        engine,
        source: first,
        output: second,
        privateKey: value("-pk") ?? value("-k"),
      };
    default:
      return {
        type: "serve",
        options: {
          engine,
          maxMemoryMb,
          maxMemoryBytes,
          sockets: flags.get("-s")!,
          module,
          sourceMap,
          maxCommandRuntimeUs: parseMicroseconds("-t", value("-t"), 1) ??
            DEFAULT_MAX_COMMAND_RUNTIME_US,
          maxIdleTimeUs: parseMicroseconds("-i", value("-i"), 0) ?? 0,
          separator: parseSeparator(value("-b")) ?? DEFAULT_SEPARATOR,
        },
      };
  }
}

/** The flags that jsockd does not have. They come before all others. */
interface OwnFlags {
  readonly engine: EngineName;
  readonly maxMemoryMb: number | undefined;
  readonly maxMemoryBytes: number | undefined;
  readonly rest: readonly string[];
}

function takeOwnFlags(args: readonly string[]): OwnFlags {
  const rest = [...args];
  let engine: EngineName = "quickjs";
  let maxMemoryMb: number | undefined;
  let maxMemoryBytes: number | undefined;
  for (;;) {
    if (rest[0] === ENGINE_FLAG) {
      engine = parseEngine(rest[1]);
    } else if (rest[0] === "--max-memory") {
      maxMemoryMb = parseNumber("--max-memory", rest[1] ?? "", "megabytes", 1);
    } else if (rest[0] === MEMORY_FLAG) {
      maxMemoryBytes = parseNumber(MEMORY_FLAG, rest[1] ?? "", "bytes", 1);
    } else {
      return { engine, maxMemoryMb, maxMemoryBytes, rest };
    }
    rest.splice(0, 2);
  }
}

function parseEngine(text: string | undefined): EngineName {
  if (text === "quickjs" || text === "v8") return text;
  throw new UsageError(`Cannot use --engine with '${text ?? ""}': it takes quickjs or v8`);
}

/** Returns the values of each flag that is given. */
function splitFlags(args: readonly string[]): Map<string, string[]> {
  const flags = new Map<string, string[]>();
  const rest = [...args];
  for (let flag; (flag = rest.shift()) !== undefined;) {
    if (!Object.hasOwn(FLAGS, flag)) {
      throw new UsageError(`Cannot use '${flag}': there is no such flag`);
    }
    const names = FLAGS[flag]!;
    const values = flag === "-s" ? takeSockets(rest) : rest.splice(0, names.length);
    if (values.length < names.length) {
      throw new UsageError(`Cannot use ${flag} without ${names.join(" ")}`);
    }
    if (flag !== "-s" && flags.has(flag)) throw new UsageError(`Cannot use ${flag} twice`);
    flags.set(flag, [...flags.get(flag) ?? [], ...values]);
  }
  const sockets = flags.get("-s")?.length ?? 0;
  if (sockets > MAX_THREADS) {
    throw new UsageError(
      `Cannot serve ${sockets} sockets: the limit is ${MAX_THREADS}; start more servers`,
    );
  }
  return flags;
}

/** Takes the paths up to the next flag, and all arguments after `--`. */
function takeSockets(rest: string[]): string[] {
  const isFlag = (argument: string) => argument.startsWith("-");
  const end = rest.findIndex(isFlag);
  const sockets = rest.splice(0, end < 0 ? rest.length : end);
  return rest[0] === "--" ? [...sockets, ...rest.splice(0).slice(1)] : sockets;
}

function parseMicroseconds(
  flag: string,
  text: string | undefined,
  least: number,
): number | undefined {
  return text === undefined ? undefined : parseNumber(flag, text, "microseconds", least);
}

function parseNumber(flag: string, text: string, unit: string, least: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= Number.MAX_SAFE_INTEGER) return value;
  throw new UsageError(
    `Cannot use ${flag} with '${text}': it takes a number of ${unit}, at least ${least}`,
  );
}

function parseSeparator(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[0-9a-f]{2}$/i.test(text)) return parseInt(text, 16);
  throw new UsageError(`Cannot use -b with '${text}': it takes two hexadecimal digits`);
}
