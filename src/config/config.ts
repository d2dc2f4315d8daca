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
import { JSOCKD_VERSION } from "../common/version.ts";

/**
 * Takes a message of the server's log, or of the client about its server. What it throws is ignored.
 *
 * @param timestamp When it was logged, to the microsecond; undefined if that is not known.
 * @param level `DEBUG`, `INFO`, `WARN` or `ERROR` for a log message; `STDOUT` or `STDERR` for other
 * output of the server.
 * @param message The text, which may have more than one line.
 */
export type Logger = (
  timestamp: Temporal.Instant | undefined,
  level: string,
  message: string,
) => void;

/**
 * The program that is a JSockD server: an executable's path or name, or that with the arguments that
 * come before the client's own.
 */
export type ServerCommand = string | readonly [string, ...string[]];

/** How a client starts its server and talks to it. Times are in microseconds. */
export interface JSockDConfig {
  /** Threads of the server, 1 to 256. Default: the number of logical CPU cores. */
  nThreads: number;
  /** A compiled, signed module, whose exports every command gets as its first argument. */
  bytecodeModuleFile?: string;
  /** The Ed25519 public key that the module must be signed with, 64 hexadecimal digits. */
  bytecodeModulePublicKey?: string;
  /** The module's source map: stack traces then name the original files and lines. */
  sourceMap?: string;
  /** Idle time after which a thread's runtime is shut down, in microseconds. Default 0: never. */
  maxIdleTimeUs: number;
  /** Longest run of a command, in microseconds. Default 0: the server's own, which is 250,000. */
  maxCommandRuntimeUs: number;
  /**
   * Longest time, in microseconds, for starting and connecting to a server, for a command from call
   * to answer, and for a server to end. Default 15,000,000.
   */
  timeoutUs: number;
  /** Whether to accept a server of any version. Default false. */
  skipJSockDVersionCheck: boolean;
  /** The version that the server must have. Default {@linkcode JSOCKD_VERSION}. */
  jsockdVersion: string;
  /** Takes the server's log. Default: a line a message on stderr, prefixed `[jsockd]`. */
  logger?: Logger;
  /** How often in a minute a server that ended is replaced. Default 1; 0: never. */
  maxRestartsPerMinute: number;
  /** Text that the server puts before each message of its log. Default none. */
  logPrefix: string;
  /** Commands in flight on one thread, at most. Default 64; 1: strictly one after the other. */
  maxPipelineDepth: number;
  /**
   * Folder for the sockets `jsd_0.sock`, `jsd_1.sock` and so on, for one client at a time. Default: a
   * fresh temporary folder, which `close()` removes.
   */
  socketDir?: string;
  /** Environment variables for the server, which inherits none. */
  env?: Record<string, string>;
}

/**
 * The configuration of a client to which nothing else is said.
 *
 * @returns A fresh object, yours to change.
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
  };
}

/** The environment variable that a server finds its module's key in. */
export const MODULE_KEY_VARIABLE = "JSOCKD_BYTECODE_MODULE_PUBLIC_KEY";

/** Microseconds that a timer can wait: 2^31 - 1 milliseconds. */
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
  socketDir: path,
  env: (value) =>
    typeof value === "object" && value !== null ? undefined : "an object of environment variables",
};

/**
 * Completes a configuration with the defaults.
 *
 * @throws {JSockDClientError} `CONFIG` if a field is unknown or has a value that it cannot have.
 */
export function resolveConfig(config: Partial<JSockDConfig>): JSockDConfig {
  const given = checkFields(config, CHECKS, "configuration");
  checkEnvironment(given.env ?? {});
  checkModule(given);
  return { ...defaultConfig(), ...given };
}

/** Checks each variable by itself: the others may be secrets, which no message may show. */
function checkEnvironment(env: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(env)) {
    if (/^[^=\0]+$/.test(name) && typeof value === "string" && !value.includes("\0")) continue;
    throw new JSockDClientError(
      "CONFIG",
      `Cannot set the server's environment variable ${
        Deno.inspect(name)
      }: expected a name without ` +
        "'=' and NUL, and as its value text without NUL",
    );
  }
}

/** Refuses what a server would refuse with less to go by. */
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
    `Cannot use the module '${bytecodeModuleFile}' without the key that it is signed with: set ` +
      "bytecodeModulePublicKey",
  );
}
