import { JSockDClientError } from "../common/errors.ts";
import type { ServerCommand } from "./config.ts";

/** The embedded server's flag for its engine. It stands before what jsockd takes. */
export const ENGINE_FLAG = "--engine";

/** Whether the command starts an embedded server on V8, which needs no code for an older engine. */
export function runsOnV8(command: ServerCommand): boolean {
  const parts: readonly string[] = [command].flat();
  const flag = parts.indexOf(ENGINE_FLAG, 1);
  return flag > 0 && parts[flag + 1] === "v8";
}

/** The embedded server's flag for `maxMemoryBytes`. It stands before what jsockd takes. */
export const MEMORY_FLAG = "--max-memory-bytes";

/**
 * The exit code of an embedded server that had to end, and has ended in order: it has begun no command
 * since, and has sent all answers.
 */
export const ENDED_IN_ORDER = 3;

/** Whether the command starts an embedded server. Those isolate commands, and watch their memory. */
export function isEmbedded(command: ServerCommand): boolean {
  return [command].flat().indexOf(ENGINE_FLAG, 1) > 0;
}

/**
 * Returns a copy of a server command as an array: the executable, then its leading arguments.
 *
 * @throws {JSockDClientError} `CONFIG` if the command has no executable, or is not made of strings.
 */
export function splitServerCommand(command: ServerCommand): [string, ...string[]] {
  const parts: readonly string[] = [command].flat();
  const [executable, ...leading] = parts;
  if (!executable || parts.some((part) => typeof part !== "string" || part.includes("\0"))) {
    throw new JSockDClientError(
      "CONFIG",
      `Cannot start ${
        Deno.inspect(command)
      }: expected the path of an executable, or an array of the path and its leading arguments`,
    );
  }
  return [executable, ...leading];
}
