import { concat } from "@std/bytes/concat";
import type { ServerCommand } from "../config/config.ts";
import { splitServerCommand } from "../config/server_command.ts";
import { withoutSandbox } from "../sandbox/inside.ts";
import { SIGNATURE_BYTES } from "../common/ed25519.ts";
import { sign } from "../common/keys.ts";
import { JSockDClientError, messageOf } from "../common/errors.ts";
import { describeStatus } from "../server/process.ts";
import { withTimeLimit } from "../common/time_limit.ts";
import { readIfPresent, removeIfPresent, temporaryName } from "../common/files.ts";

/** What to leave out of a module: its source text, or its debug information as well. */
export type Strip = "source" | "debug";

const STRIP_FLAGS: Readonly<Record<Strip, string>> = { source: "-ss", debug: "-sd" };

/** Time limit of a compilation. No working server takes nearly as long. */
const MAX_COMPILE_MS = 60_000;

/** A module that does not compile. The message is the server's output. */
export class CompileError extends Error {
  override readonly name = "CompileError";
}

/**
 * Compiles a module with a server, without signing it. {@linkcode signModule} signs it, so that the
 * private key stays in this program, and because jsockd 0.1 refuses to sign a stripped module.
 *
 * @param source The path of the module, which stack traces will contain.
 * @param signal Ends the server when it aborts.
 * @throws {CompileError} If the module does not compile.
 * @throws {JSockDClientError} `SPAWN` if the program does not start or is not a JSockD server.
 * @throws The signal's reason, if it aborts meanwhile.
 */
export async function compileModule(
  jsockdExec: ServerCommand,
  source: string,
  strip: Strip | undefined,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const command = splitServerCommand(withoutSandbox(jsockdExec));
  const output = temporaryName(source);
  const flags = strip === undefined ? [] : [STRIP_FLAGS[strip]];
  try {
    const { stderr, ...status } = await run(
      [...command, "-c", source, output, ...flags],
      signal,
    );
    const errorOutput = new TextDecoder().decode(stderr).trim();
    if (!status.success && errorOutput.includes(source)) throw new CompileError(errorOutput);
    const compiled = await readIfPresent(output);
    if (status.success && compiled !== undefined && isUnsigned(compiled)) return compiled;
    throw new JSockDClientError(
      "SPAWN",
      `Cannot compile with '${
        command[0]
      }': expected a JSockD server that writes a module, but it ` +
        `ended with ${describeStatus(status)} and wrote: ${errorOutput || "nothing"}`,
    );
  } finally {
    await removeIfPresent(output);
  }
}

/** Signs a module that has been compiled without a signature. */
export async function signModule(
  unsigned: Uint8Array,
  privateKey: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const content = unsigned.subarray(0, -SIGNATURE_BYTES);
  return concat([content, await sign(content, privateKey)]);
}

/** Returns whether a compiled module has zeros in place of a signature, as servers write it. */
function isUnsigned(module: Uint8Array): boolean {
  return module.length > SIGNATURE_BYTES &&
    module.subarray(-SIGNATURE_BYTES).every((byte) => byte === 0);
}

async function run(
  [executable, ...args]: readonly [string, ...string[]],
  signal: AbortSignal,
): Promise<Deno.CommandOutput> {
  await using child = spawn(executable, args);
  const timeoutError = () =>
    new JSockDClientError(
      "SPAWN",
      `Cannot compile with '${executable}': it did not end within ${MAX_COMPILE_MS} ms`,
    );
  try {
    const milliseconds = MAX_COMPILE_MS;
    return await withTimeLimit(child.output(), { milliseconds, timeoutError, signal });
  } catch (error) {
    kill(child);
    throw error;
  }
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // The process has ended, but a child of it still holds the pipes open.
  }
}

function spawn(executable: string, args: string[]): Deno.ChildProcess {
  try {
    return new Deno.Command(executable, {
      args,
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    const reason = cause instanceof Deno.errors.NotFound
      ? "there is no such executable"
      : messageOf(cause);
    throw new JSockDClientError("SPAWN", `Cannot compile with '${executable}': ${reason}`, {
      cause,
    });
  }
}
