/**
 * Returns the arguments with which Deno runs a program of this package.
 *
 * @param flags Flags of `deno run`.
 */
export function programArguments(program: URL, flags: readonly string[]): string[] {
  return [
    "run",
    "--quiet",
    "--no-prompt",
    // In a checkout, deno.json resolves the imports, and the lock file names the versions in the
    // cache. A published module needs neither.
    ...program.protocol === "file:" ? [] : ["--no-config"],
    ...flags,
    program.href,
  ];
}
