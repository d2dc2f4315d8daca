import { JSockDClientError, JSockDJSException } from "../common/errors.ts";
import { UsageError } from "./arguments.ts";

/** Advice about the API, and what the command line says instead. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/ \(maxMemoryMb or maxMemoryBytes\); raise it, or keep/g, "; keep"],
  [/the limit, maxMemoryBytes, is/g, "the limit is"],
  [/; maxRestartsPerMinute is \d+, raise it or call reload\(\)/g, ""],
  [/, or nThreads if commands queue up/g, ""],
  [/, or skipJSockDVersionCheck to true/g, ""],
  [/; if it may run twice, run it with idempotent: true/g, ""],
  [/; raise maxParamBytes$/g, ""],
  [
    /without a messageHandler; pass one in its options$/g,
    "on the command line, which answers no messages",
  ],
];

/** The names of the API in error messages, and what the command line calls them. */
const NAMES: Readonly<Record<string, string>> = {
  "as entry": "as ENTRY",
  "as version": "as --version",
  baseUrl: "--base-url",
  bytecodeModuleFile: "--module",
  bytecodeModulePublicKey: "--public-key",
  cacheDir: "--cache-dir",
  flavor: "--flavor",
  "generateKeyPair()": "'jsockd keygen'",
  initJSockDClient: "--exec",
  jsockdExec: "--exec",
  jsockdVersion: "--version",
  maxCommandRuntimeUs: "--timeout",
  maxInFlight: "--max-in-flight",
  "of '@x/jsockd/embedded'": "with --embedded",
  outDir: "--out",
  privateKeyFile: "--key",
  publicKey: "--release-key",
  sourceMap: "--source-map",
  timeoutUs: "--timeout",
};

/**
 * Matches the names, times in microseconds, and also values in quotation marks, so that what is in
 * them stays as it is.
 */
const NAME_OR_VALUE = new RegExp(
  `(?<!\\w)(?:${Object.keys(NAMES).map(RegExp.escape).join("|")})(?!\\w)|` +
    `(?<!\\w)'[^']*'|"[^"]*"|(\\d+) µs`,
  "g",
);

/** Returns the text to print for an error. An unexpected one is a bug, so its stack is included. */
export function describeError(error: unknown): string {
  if (error instanceof UsageError) return `error: ${error.message}`;
  if (error instanceof JSockDClientError) return `error: ${describeClientError(error)}`;
  if (error instanceof JSockDJSException) return error.stack ?? error.message;
  // The message names the flag to add.
  if (error instanceof Deno.errors.NotCapable) return `error: ${error.message}`;
  return Deno.inspect(error);
}

/**
 * Returns a message in the words of the command line, with the error's code at the end of the first
 * line. Later lines may be source text, and stay as they are.
 */
export function describeClientError({ message, code }: JSockDClientError): string {
  return message.replace(/^.*/, (firstLine) => `${inOwnWords(firstLine)} (${code})`);
}

/**
 * Returns a line that names options of the command line instead of fields of the API, and times in
 * their unit.
 */
export function inOwnWords(line: string): string {
  const advised = PHRASES.reduce((text, [phrase, words]) => text.replace(phrase, words), line);
  return advised.replaceAll(
    NAME_OR_VALUE,
    (match, microseconds) =>
      microseconds === undefined ? NAMES[match] ?? match : `${microseconds / 1000} ms`,
  );
}
