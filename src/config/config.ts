import { JSockDClientError } from "../common/errors.ts";
import {
  boolean,
  callable,
  checkFields,
  type FieldChecks,
  integer,
  matching,
  path,
  publicKey,
  version,
} from "./field_checks.ts";
import { MAX_THREADS } from "../protocol/limits.ts";
import { resolve } from "@std/path/posix/resolve";
import { JSOCKD_VERSION } from "../common/version.ts";

/**
 * Receives each message of the server's log, and of the client about its server. Errors that it
 * throws are ignored.
 *
 * @param timestamp The time of the message, to the microsecond; undefined if it is unknown.
 * @param level `DEBUG`, `INFO`, `WARN` or `ERROR` for a log message; `STDOUT` or `STDERR` for other
 * output of the server.
 * @param message The text, of one or more lines.
 */
export type Logger = (
  timestamp: Temporal.Instant | undefined,
  level: string,
  message: string,
) => void;

/**
 * The command that starts a JSockD server: the path or name of an executable, or an array of it and
 * leading arguments. The client appends its own arguments.
 */
export type ServerCommand = string | readonly [string, ...string[]];

/** The configuration of a client and its server. Times are in microseconds. */
export interface JSockDConfig {
  /** The number of the server's threads, 1 to 256. Default: the number of logical CPU cores. */
  nThreads: number;
  /** The file of a compiled, signed module. Its exports are the first argument of every command. */
  bytecodeModuleFile?: string;
  /** The Ed25519 public key that the module must be signed with, 64 hexadecimal digits. */
  bytecodeModulePublicKey?: string;
  /** The source map of the module. Stack traces then show the original files and lines. */
  sourceMap?: string;
  /** Idle time after which a thread's runtime is shut down, in microseconds. Default 0: never. */
  maxIdleTimeUs: number;
  /**
   * The time limit of a command, in microseconds. Default 0: the server's own limit of 250,000. If a
   * server has not stopped a command 500 ms after it, the client replaces the server.
   */
  maxCommandRuntimeUs: number;
  /**
   * The timeout of the client, in microseconds: for starting a server and connecting to it, for a
   * command from call to result, and for a server to end. Default 15,000,000.
   */
  timeoutUs: number;
  /** Whether to accept a server of any version. Default false. */
  skipJSockDVersionCheck: boolean;
  /** The version that the server must have. Default {@linkcode JSOCKD_VERSION}. */
  jsockdVersion: string;
  /**
   * Receives the server's log. Default: writes each message as a line to stderr, after `[jsockd]`.
   */
  logger?: Logger;
  /**
   * How many times in a minute the client restarts a server that ended. Default 1; 0: never. Once they
   * are used up, all commands reject until another restart is tried, after pauses that grow. Servers
   * that the client itself ends, because a command went past a limit, do not count.
   */
  maxRestartsPerMinute: number;
  /** Text that the server puts before each message of its log. Default: none. */
  logPrefix: string;
  /** The largest number of commands in flight on one thread. Default 64; 1 turns pipelining off. */
  maxPipelineDepth: number;
  /**
   * The largest parameter of a command, in bytes of JSON. Default 67,108,864 (64 MiB). A server takes
   * 1,048,575 bytes at once. A larger parameter is sent in pieces, as answers to messages, before the
   * function is called. For 5 MB this takes about 100 ms, on QuickJS in WebAssembly 250 ms, and
   * counts as running time of the command. Up to 1,048,575, nothing is sent in pieces.
   */
  maxParamBytes: number;
  /**
   * The limit of the server's memory, in bytes, at least 33,554,432 (32 MiB). Default 0: the server's
   * own. jsockd takes up to 1 GiB, with the programs that its commands start. At 75 % there is a
   * `memory` event. From 90 % on, the client replaces the server and lets its commands finish. Past the
   * limit it kills the server. To measure, the client reads `/proc`, which takes all permissions, or runs
   * `ps`. On QuickJS in WebAssembly it is the limit of each thread, 256 MiB by default, where JavaScript
   * gets an exception and no other thread notices. On V8 it is that of the process, 512 MiB and 128 for
   * each thread by default.
   */
  maxMemoryBytes: number;
  /**
   * Whether commands run isolated unless their options say otherwise; see `RunOptions.isolated`. Only
   * embedded servers can do that. Default false.
   */
  isolated: boolean;
  /**
   * The folder for the sockets `jsd_0.sock`, `jsd_1.sock` and so on. Only one client at a time can
   * use it. Default: a fresh temporary folder for each server, removed once the client is
   * connected.
   */
  socketDir?: string;
  /** The environment variables of the server, which inherits none. */
  env?: Record<string, string>;
}

/**
 * Returns the default configuration.
 *
 * @returns A fresh object, which you may change.
 *
 * @example Use
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { defaultConfig } from "@x/jsockd";
 *
 * const config = defaultConfig();
 * assertEquals(config.timeoutUs, 15_000_000);
 * config.nThreads = 2;
 * ```
 */
export function defaultConfig(): JSockDConfig {
  return {
    nThreads: Math.min(navigator.hardwareConcurrency, MAX_THREADS),
    maxIdleTimeUs: 0,
    maxCommandRuntimeUs: 0,
    timeoutUs: 15_000_000,
    skipJSockDVersionCheck: false,
    jsockdVersion: JSOCKD_VERSION,
    maxRestartsPerMinute: 1,
    logPrefix: "",
    maxPipelineDepth: 64,
    maxParamBytes: 67_108_864,
    maxMemoryBytes: 0,
    isolated: false,
  };
}

/** The environment variable from which a server reads the public key of its module. */
export const MODULE_KEY_VARIABLE = "JSOCKD_BYTECODE_MODULE_PUBLIC_KEY";

/** The longest time that `setTimeout()` can wait, 2^31 - 1 milliseconds, in microseconds. */
export const MAX_TIMEOUT_US = 2_147_483_647_000;

const CHECKS: FieldChecks<JSockDConfig> = {
  nThreads: integer(1, MAX_THREADS),
  bytecodeModuleFile: path,
  bytecodeModulePublicKey: publicKey,
  sourceMap: path,
  maxIdleTimeUs: integer(0, MAX_TIMEOUT_US),
  maxCommandRuntimeUs: integer(0, MAX_TIMEOUT_US),
  timeoutUs: integer(1, MAX_TIMEOUT_US),
  skipJSockDVersionCheck: boolean,
  jsockdVersion: version,
  logger: callable,
  maxRestartsPerMinute: integer(0, Number.MAX_SAFE_INTEGER),
  logPrefix: matching(/^[^\r\n\0]*$/, "one line of text"),
  maxPipelineDepth: integer(1, 65_536),
  maxParamBytes: integer(0, Number.MAX_SAFE_INTEGER),
  maxMemoryBytes: (value) =>
    value === 0 ? undefined : integer(33_554_432, Number.MAX_SAFE_INTEGER)(value),
  isolated: boolean,
  socketDir: path,
  env: (value) =>
    typeof value === "object" && value !== null ? undefined : "an object of environment variables",
};

/**
 * Checks a configuration and returns it with the defaults for missing fields.
 *
 * @throws {JSockDClientError} `CONFIG` if a field is unknown, invalid, or does not fit the others.
 */
export function resolveConfig(config: Partial<JSockDConfig>): JSockDConfig {
  const given = checkFields(config, CHECKS, "configuration");
  checkEnvironment(given.env ?? {});
  checkModule(given);
  return { ...defaultConfig(), ...given, ...independent(given) };
}

/**
 * Returns what must not change with the working folder, or with the object of the caller, until the
 * server is restarted.
 */
function independent(config: Partial<JSockDConfig>): Partial<JSockDConfig> {
  const fixed: Partial<JSockDConfig> = {};
  for (const name of ["bytecodeModuleFile", "sourceMap", "socketDir"] as const) {
    if (config[name] !== undefined) fixed[name] = resolve(config[name]);
  }
  if (config.env !== undefined) fixed.env = { ...config.env };
  return fixed;
}

/**
 * Checks each variable on its own, because an error message must not show the others: they may be
 * secrets.
 */
function checkEnvironment(env: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(env)) {
    if (/^[^=\0]+$/.test(name) && typeof value === "string" && !value.includes("\0")) continue;
    throw new JSockDClientError(
      "CONFIG",
      `Cannot set the server's environment variable ${Deno.inspect(name)}: expected a non-empty ` +
        "name without '=' and NUL, and a string without NUL as its value",
    );
  }
}

/** Finds mistakes that the server would report less clearly. */
function checkModule(config: Partial<JSockDConfig>): void {
  const { bytecodeModuleFile, bytecodeModulePublicKey, sourceMap, env } = config;
  if (bytecodeModuleFile === undefined) {
    if (sourceMap === undefined) return;
    throw new JSockDClientError(
      "CONFIG",
      `Cannot use '${sourceMap}' as sourceMap without a module: set bytecodeModuleFile`,
    );
  }
  if (bytecodeModulePublicKey !== undefined || env?.[MODULE_KEY_VARIABLE] !== undefined) return;
  throw new JSockDClientError(
    "CONFIG",
    `Cannot use the module '${bytecodeModuleFile}' without the key to verify it with: set ` +
      "bytecodeModulePublicKey",
  );
}
