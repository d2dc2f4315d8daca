import { until } from "./until.ts";

/** Whether a process runs; asks with a signal that does nothing. */
export function isRunning(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch {
    return false;
  }
}

/** Stops a process, and waits until none of its threads runs any more. */
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
