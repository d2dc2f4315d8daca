/**
 * Returns the resident memory of processes in MB, by process ID. Those that have ended are missing,
 * and all if there is no `ps`.
 */
export async function residentMemory(
  pids: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  try {
    const { stdout } = await new Deno.Command("ps", {
      args: ["-o", "pid=,rss=", "-p", pids.join(",")],
      stderr: "null",
    }).output();
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    return new Map(lines.map((line) => {
      const [pid, kilobytes] = line.trim().split(/\s+/).map(Number);
      return [pid!, kilobytes! / 1000];
    }));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Map();
    throw error;
  }
}
