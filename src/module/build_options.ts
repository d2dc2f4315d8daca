import type { ServerCommand } from "../config/config.ts";
import { boolean, checkFields, type FieldChecks, oneOf, path } from "../config/field_checks.ts";
import type { Strip } from "./compile.ts";

/** What to build, and how. */
export interface BuildModuleOptions {
  /** The module whose exports commands get: TypeScript, JSX or JavaScript, a path or a `file:` URL. */
  entry: string | URL;
  /** The folder for what is built; it is made if need be. It can be deleted at any time. */
  outDir: string;
  /** The server that will load the module: another version's would refuse it. */
  jsockdExec: ServerCommand;
  /** The private key to sign with. Default: `outDir` has a pair of its own, made at first. */
  privateKeyFile?: string;
  /** Whether to make the code small. Default false. */
  minify?: boolean;
  /**
   * What to leave out of the module: `source`, the text that `Function.prototype.toString()` gives,
   * or `debug`, the places of stack traces as well. Default: nothing.
   */
  strip?: Strip;
  /** Whether stack traces name your own files and lines. Default true. */
  sourceMap?: boolean;
}

/** A module ready for use: part of a client's configuration. */
export interface BuiltModule {
  /** The compiled, signed module. */
  bytecodeModuleFile: string;
  /** The key that it is signed with, its public half. */
  bytecodeModulePublicKey: string;
  /** Its source map, unless that was not wanted. */
  sourceMap?: string;
}

/** What the options of a build can be. */
export const BUILD_CHECKS: FieldChecks<BuildModuleOptions> = {
  entry: (value) =>
    path(value) === undefined || (value instanceof URL && value.protocol === "file:")
      ? undefined
      : "a path or a 'file:' URL",
  outDir: path,
  jsockdExec: (value) =>
    typeof value === "string" || Array.isArray(value) ? undefined : "a server's command",
  privateKeyFile: path,
  minify: boolean,
  strip: oneOf("source" satisfies Strip, "debug" satisfies Strip),
  sourceMap: boolean,
};

/**
 * Checks the options of a build.
 *
 * @returns The options that were given.
 * @throws {JSockDClientError} `CONFIG` if one is unknown or has a value that it cannot have.
 */
export function checkBuildOptions(options: BuildModuleOptions): BuildModuleOptions {
  return checkFields(options, BUILD_CHECKS, "options of the build");
}
