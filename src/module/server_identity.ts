import { fromFileUrl, join } from "@std/path";
import { type ServerCommand, splitServerCommand } from "../config/config.ts";

/**
 * Tells one server from another without starting it: by its command, and by size and time of the
 * files that are named there.
 */
export async function identifyServer(jsockdExec: ServerCommand): Promise<string> {
  const [executable, ...args] = splitServerCommand(jsockdExec);
  const candidates = executable.includes("/")
    ? [executable]
    : pathFolders().map((folder) => join(folder, executable));
  const files = [...candidates, ...args.filter((arg) => /^\.{0,2}\/|^file:/.test(arg))];
  return JSON.stringify([executable, ...args, ...await Promise.all(files.map(describeFile))]);
}

/** The folders of `PATH`; none if that may not be read. */
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
    // Folders of `PATH` may be missing, or closed to this user.
    return "none";
  }
}
