/**
 * Ends this program with all that it has started, at once, when the parent process asks for it with
 * SIGTERM, or has ended without a word. The program must lead a process group, and its stdin must be
 * a pipe from the parent.
 */
export function endWithParent(): void {
  const end = () => Deno.kill(-Deno.pid, "SIGKILL");
  Deno.addSignalListener("SIGTERM", end);
  Deno.stdin.readable.pipeTo(new WritableStream()).finally(end);
}
