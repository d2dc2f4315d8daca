import { boolean, checkFields, type FieldCheck, type FieldChecks } from "../config/field_checks.ts";

/** Options of `sandboxedServer()`. */
export interface SandboxOptions {
  /** The path of bubblewrap. Default: `/usr/bin/bwrap`. */
  bwrap?: string;
  /**
   * Absolute paths of more files and folders that the server may read, such as a folder with
   * libraries. Default: none.
   */
  readOnlyPaths?: readonly string[];
  /**
   * Whether `/proc` exists in the sandbox, with the server's own processes. Deno needs it, jsockd
   * does not. Default: false.
   */
  proc?: boolean;
}

const absolutePath: FieldCheck = (value) => isAbsolutePath(value) ? undefined : "an absolute path";

const CHECKS: FieldChecks<SandboxOptions> = {
  bwrap: absolutePath,
  readOnlyPaths: (value) =>
    Array.isArray(value) && value.every(isAbsolutePath) ? undefined : "an array of absolute paths",
  proc: boolean,
};

/**
 * Checks the options of a sandbox.
 *
 * @throws {JSockDClientError} `CONFIG` if an option is unknown or its value is not allowed.
 */
export function checkSandboxOptions(options: SandboxOptions): SandboxOptions {
  return checkFields(options, CHECKS, "sandbox options");
}

function isAbsolutePath(value: unknown): boolean {
  return typeof value === "string" && /^\/[^\0]*$/.test(value);
}
