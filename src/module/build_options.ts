import type { ServerCommand } from "../config/config.ts";
import {
  abortSignal,
  boolean,
  checkFields,
  type FieldChecks,
  oneOf,
  path,
} from "../config/field_checks.ts";
import type { Strip } from "./compile.ts";

/** Options of a build. */
export interface BuildModuleOptions {
  /**
   * The entry point, whose exports are passed to commands: TypeScript, JSX or JavaScript, as a path
   * or a `file:` URL.
   */
  entry: string | URL;
  /** The output folder. It is created if it does not exist, and can be deleted at any time. */
  outDir: string;
  /** The server that will load the module. A server of another version refuses to. */
  jsockdExec: ServerCommand;
  /**
   * The file of the private key to sign with. Default: a key pair in `outDir`, which the first
   * build generates.
   */
  privateKeyFile?: string;
  /** Whether to minify the code. Default false. */
  minify?: boolean;
  /**
   * What to leave out of the module: `source`, the text that `Function.prototype.toString()`
   * returns, or `debug`, which also drops the positions in stack traces. Default: nothing.
   */
  strip?: Strip;
  /** Whether stack traces show your own files and lines, by a source map. Default true. */
  sourceMap?: boolean;
  /** Aborts the build. The call then rejects with the signal's reason, and no process is left. */
  signal?: AbortSignal;
}

/** A built module, as the fields of a client's configuration. */
export interface BuiltModule {
  /** The path of the compiled, signed module. */
  bytecodeModuleFile: string;
  /** The public key that verifies the signature, in hexadecimal. */
  bytecodeModulePublicKey: string;
  /** The path of the source map; missing if the `sourceMap` option was false. */
  sourceMap?: string;
}

/** Checks for the values of the build options. */
export const BUILD_CHECKS: FieldChecks<BuildModuleOptions> = {
  entry: (value) =>
    path(value) === undefined || (value instanceof URL && value.protocol === "file:")
      ? undefined
      : "a path or a 'file:' URL",
  outDir: path,
  jsockdExec: (value) =>
    typeof value === "string" || Array.isArray(value) ? undefined : "a server command",
  privateKeyFile: path,
  minify: boolean,
  strip: oneOf("source" satisfies Strip, "debug" satisfies Strip),
  sourceMap: boolean,
  signal: abortSignal,
};

/**
 * Checks build options.
 *
 * @returns The options without those that are undefined.
 * @throws {JSockDClientError} `CONFIG` if an option is unknown or its value is not allowed.
 */
export function checkBuildOptions(options: BuildModuleOptions): BuildModuleOptions {
  return checkFields(options, BUILD_CHECKS, "build options");
}
