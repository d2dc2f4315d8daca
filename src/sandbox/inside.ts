import type { ServerCommand } from "../config/config.ts";

/** The name of the machine inside a sandbox. It also marks where the client adds paths. */
const HOSTNAME = ["--hostname", "jsockd-sandbox"] as const;

/** Returns the end of bubblewrap's own arguments. The command that it runs follows. */
export function beginsInside(): string[] {
  // Its file system is in memory. What is mounted in it must be there before it becomes read-only.
  return [...HOSTNAME, "--remount-ro", "/", "--chdir", "/", "--"];
}

/** Whether a command runs a server in a sandbox. */
export function isSandboxed(command: ServerCommand): command is readonly [string, ...string[]] {
  return Array.isArray(command) && markIn(command) > 0;
}

/**
 * Returns the command of a sandbox with the files of a server in it: the folder of its sockets, and
 * files to read. It reads a seccomp filter from stdin. Returns any other command unchanged.
 */
export function addFiles(
  command: [string, ...string[]],
  socketFolder: string,
  files: readonly string[],
): [string, ...string[]] {
  if (!isSandboxed(command)) return command;
  const [bwrap, ...rest] = command;
  const mark = markIn(rest);
  return [
    bwrap,
    ...rest.slice(0, mark),
    ...files.flatMap((file) => ["--ro-bind", file, file]),
    "--bind",
    socketFolder,
    socketFolder,
    ...["--seccomp", "0"],
    ...rest.slice(mark),
  ];
}

/** Returns the command that runs in a sandbox. Returns any other command unchanged. */
export function withoutSandbox(command: ServerCommand): ServerCommand {
  if (!isSandboxed(command)) return command;
  // There are two: at the end of bubblewrap's arguments, and of those of `prlimit`.
  const separator = command.indexOf("--", command.indexOf("--", markIn(command)) + 1);
  const [executable, ...leading] = command.slice(separator + 1);
  return [executable!, ...leading];
}

function markIn(command: readonly string[]): number {
  return command.findIndex((part, i) => part === HOSTNAME[0] && command[i + 1] === HOSTNAME[1]);
}
