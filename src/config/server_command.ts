import { JSockDClientError } from "../common/errors.ts";
import type { ServerCommand } from "./config.ts";

/** The embedded server's flag for its engine. It stands before what jsockd takes. */
export const ENGINE_FLAG = "--engine";

/** Whether the command starts an embedded server on V8, which needs no code for an older engine. */
export function runsOnV8(command: ServerCommand): boolean {
  const parts: readonly string[] = [command].flat();
  return parts[parts.indexOf(ENGINE_FLAG, 1) + 1] === "v8" && parts.includes(ENGINE_FLAG, 1);
}

/**
 * Splits a server command into the executable and its leading arguments.
 *
 * @throws {JSockDClientError} `CONFIG` if it names no executable.
 */
export function splitServerCommand(command: ServerCommand): [string, ...string[]] {
  const parts: readonly string[] = [command].flat();
  const [executable, ...leading] = parts;
  if (!executable || parts.some((part) => typeof part !== "string" || part.includes("\0"))) {
    throw new JSockDClientError(
      "CONFIG",
      `Cannot start ${
        Deno.inspect(command)
      }: expected an executable's path, or an array of it and its arguments`,
    );
  }
  return [executable, ...leading];
}
