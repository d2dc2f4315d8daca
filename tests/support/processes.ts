import { until } from "./until.ts";

/**
 * Returns whether a process exists. Sends SIGCONT, which does nothing unless the process is
 * stopped.
 */
export function isRunning(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch {
    return false;
  }
}

/** Stops a process with SIGSTOP. Resolves when all of its threads are stopped. */
export async function stop(pid: number): Promise<void> {
  Deno.kill(pid, "SIGSTOP");
  await until(() => isStopped(pid), "the stop of a process");
}

function isStopped(pid: number): boolean {
  const everyThread = Deno.build.os === "linux" ? ["-L"] : [];
  const args = [...everyThread, "-o", "stat=", "-p", String(pid)];
  const { stdout } = new Deno.Command("ps", { args }).outputSync();
  const states = new TextDecoder().decode(stdout).trim().split("\n");
  return states.every((state) => state.startsWith("T"));
}

/** Returns the resident size of a process in bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "rss=", "-p", String(pid)] })
    .output();
  return Number(new TextDecoder().decode(stdout)) * 1024;
}

/** Returns the IDs of the processes that a process has started, and of those that they have. */
export function childrenOf(pid: number): number[] {
  const { stdout } = new Deno.Command("ps", { args: ["-A", "-o", "pid=,ppid="] }).outputSync();
  const all = new TextDecoder().decode(stdout).trim().split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number) as [pid: number, parent: number]);
  const below = (parent: number): number[] =>
    all.filter(([, its]) => its === parent).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}
