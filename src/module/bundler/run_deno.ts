/** How a run of Deno ended, and what it wrote. */
export interface DenoOutput {
  readonly success: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the Deno that this program runs on, and waits for its end.
 *
 * @param folder The folder that it works in. Default: that of this program.
 */
export async function runDeno(args: readonly string[], folder = "."): Promise<DenoOutput> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { success, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr).trim() };
}
