/** The outcome of a run of Deno. */
export interface DenoOutput {
  readonly success: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the same Deno executable that runs this program, and waits until it exits.
 *
 * @param folder The working folder. Default: the working folder of this program.
 * @param options How to start the process. With `stdin: "piped"`, stdin is open until it exits.
 */
export async function runDeno(
  args: readonly string[],
  folder = ".",
  options: Pick<Deno.CommandOptions, "detached" | "signal" | "stdin"> = {},
): Promise<DenoOutput> {
  await using child = new Deno.Command(Deno.execPath(), {
    stdin: "null",
    ...options,
    args: [...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const { success, stdout, stderr } = await child.output();
  if (options.stdin === "piped") await child.stdin.close();
  const decoder = new TextDecoder();
  return { success, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr).trim() };
}
