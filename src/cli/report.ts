import { JSockDClientError, JSockDJSException } from "../common/errors.ts";
import { UsageError } from "./arguments.ts";

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
  "of '@x/jsockd/embedded'": "with --embedded",
  outDir: "--out",
  privateKeyFile: "--key",
  publicKey: "--release-key",
  sourceMap: "--source-map",
};

/**
 * Matches the names, and also values in quotation marks, so that names in them stay as they are.
 */
const NAME_OR_VALUE = new RegExp(
  `(?<!\\w)(?:${Object.keys(NAMES).map(RegExp.escape).join("|")})(?!\\w)|` +
    `(?<!\\w)'[^']*'|"[^"]*"`,
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
 * Returns a message that names options of the command line instead of fields of the API, with the
 * error's code at the end of the first line. Later lines may be source text, and stay as they are.
 */
export function describeClientError({ message, code }: JSockDClientError): string {
  return message.replace(/^.*/, (firstLine) => {
    const text = firstLine.replaceAll(NAME_OR_VALUE, (match) => NAMES[match] ?? match);
    return `${text} (${code})`;
  });
}
