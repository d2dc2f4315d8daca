/** The program that lists processes. Every Unix has it at this path, but the smallest images. */
export const PS = "/bin/ps";

/** A process and its resident size in bytes. */
interface ProcessSize {
  readonly pid: number;
  readonly parent: number;
  readonly bytes: number;
}

/** A way to measure the resident size of a process together with its children. */
export interface SizeMeter {
  /** The least time between two measurements, in milliseconds: what they cost differs. */
  readonly intervalMs: number;
  /**
   * Measures.
   *
   * @returns The size in bytes; 0 if there is no such process any more.
   */
  measure(pid: number): Promise<number>;
}

/**
 * Returns the cheapest meter that this program may use.
 *
 * @throws A `Deno.errors.NotCapable` or `NotFound` if it may use none.
 */
export async function findSizeMeter(): Promise<SizeMeter> {
  try {
    // Deno only lets programs with all permissions read in /proc.
    if (Deno.build.os === "linux" && await procSize(Deno.pid) > 0) {
      return { intervalMs: 80, measure: procSize };
    }
  } catch {
    // Not all permissions.
  }
  await psSize(Deno.pid);
  return { intervalMs: 250, measure: psSize };
}

async function procSize(pid: number): Promise<number> {
  try {
    const status = await Deno.readTextFile(`/proc/${pid}/status`);
    const children = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`);
    // A process that has ended, and that nobody has waited for, has no such line.
    const own = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
    const pids = children.split(" ").filter((word) => word !== "");
    const sizes = await Promise.all(pids.map((child) => procSize(Number(child))));
    return sizes.reduce((sum, size) => sum + size, own);
  } catch (error) {
    // Between two reads, a process may end.
    if (isGone(error)) return 0;
    throw error;
  }
}

/** Runs `ps`, which needs the permission for that. */
async function psSize(pid: number): Promise<number> {
  const { stdout } = await new Deno.Command(PS, {
    args: ["-A", "-o", "pid,ppid,rss"],
    stdin: "null",
    stderr: "null",
  }).output();
  return sizeOfTree(parsePs(new TextDecoder().decode(stdout)), pid);
}

/** Parses the output of `ps -o pid,ppid,rss`, which has a heading and sizes in KiB. */
export function parsePs(text: string): ProcessSize[] {
  return text.split("\n").slice(1).map((line) => {
    const [pid = NaN, parent = NaN, kibibytes = NaN] = line.trim().split(/\s+/).map(Number);
    return { pid, parent, bytes: kibibytes * 1024 };
  }).filter(({ bytes }) => !Number.isNaN(bytes));
}

/** Returns the size of a process and of all that it started, directly or not. */
export function sizeOfTree(processes: readonly ProcessSize[], root: number): number {
  const own = processes.find(({ pid }) => pid === root)?.bytes ?? 0;
  return processes
    .filter(({ parent, pid }) => parent === root && pid !== root)
    .reduce((sum, { pid }) => sum + sizeOfTree(processes, pid), own);
}

function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    (error instanceof Error && error.message.includes("os error 3"));
}
