import { fromFileUrl, join } from "@std/path";
import type { ServerCommand } from "../config/config.ts";
import { splitServerCommand } from "../config/server_command.ts";
import { withoutSandbox } from "../sandbox/inside.ts";

/**
 * Returns text that identifies a server without starting it: its command, with the size and
 * modification time of each file that the command names.
 */
export async function identifyServer(jsockdExec: ServerCommand): Promise<string> {
  const [executable, ...args] = splitServerCommand(withoutSandbox(jsockdExec));
  const candidates = executable.includes("/")
    ? [executable]
    : pathFolders().map((folder) => join(folder, executable));
  const files = [...candidates, ...args.filter((arg) => /^\.{0,2}\/|^file:/.test(arg))];
  return JSON.stringify([executable, ...args, ...await Promise.all(files.map(describeFile))]);
}

/** Returns the folders in `PATH`; none if Deno may not read it. */
function pathFolders(): string[] {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "PATH" });
  return state === "granted" ? Deno.env.get("PATH")?.split(":") ?? [] : [];
}

async function describeFile(file: string): Promise<string> {
  try {
    const { size, mtime } = await Deno.stat(file.startsWith("file:") ? fromFileUrl(file) : file);
    return `${size} bytes, ${mtime?.toISOString()}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    // Folders in `PATH` may be missing or not accessible.
    return "none";
  }
}
