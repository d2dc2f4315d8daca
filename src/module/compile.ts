import { concat } from "@std/bytes/concat";
import { type ServerCommand, splitServerCommand } from "../config/config.ts";
import { SIGNATURE_BYTES } from "../common/ed25519.ts";
import { sign } from "../common/keys.ts";
import { JSockDClientError, messageOf } from "../common/errors.ts";
import { describeStatus } from "../server/process.ts";
import { isFulfilledWithin } from "../server/time_limit.ts";
import { readIfPresent, removeIfPresent, temporaryName } from "../common/files.ts";

/** What is left out of a module: its source text, or all that is only for stack traces as well. */
export type Strip = "source" | "debug";

const STRIP_FLAGS: Readonly<Record<Strip, string>> = { source: "-ss", debug: "-sd" };

/** Far longer than any server takes. */
const MAX_COMPILE_MS = 60_000;

/** A server refused to compile a module; the message is what it said. */
export class CompileError extends Error {
  override readonly name = "CompileError";
}

/**
 * Has a server compile a module. It is left unsigned: what signs it is here, so the private key need
 * not leave the program, and a module can be both stripped and signed, which jsockd 0.1 refuses.
 *
 * @param source The path of the module, which is its name in stack traces.
 * @throws {CompileError} If the module does not compile.
 * @throws {JSockDClientError} `SPAWN` if the program does not start, or is no server.
 */
export async function compileModule(
  jsockdExec: ServerCommand,
  source: string,
  strip: Strip | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const command = splitServerCommand(jsockdExec);
  const output = temporaryName(source);
  const flags = strip === undefined ? [] : [STRIP_FLAGS[strip]];
  try {
    const { stderr, ...status } = await run([...command, "-c", source, output, ...flags]);
    const said = new TextDecoder().decode(stderr).trim();
    if (!status.success && said.includes(source)) throw new CompileError(said);
    const compiled = await readIfPresent(output);
    if (status.success && compiled !== undefined && isUnsigned(compiled)) return compiled;
    throw new JSockDClientError(
      "SPAWN",
      `Cannot compile with '${command[0]}': expected a JSockD server, which makes a module; it ` +
        `ended with ${describeStatus(status)} and wrote: ${said || "nothing"}`,
    );
  } finally {
    await removeIfPresent(output);
  }
}

/** Puts a signature into a module that has none. */
export async function signModule(
  unsigned: Uint8Array,
  privateKey: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const signed = unsigned.subarray(0, -SIGNATURE_BYTES);
  return concat([signed, await sign(signed, privateKey)]);
}

/** A server that does not sign leaves zeros. */
function isUnsigned(module: Uint8Array): boolean {
  return module.length > SIGNATURE_BYTES &&
    module.subarray(-SIGNATURE_BYTES).every((byte) => byte === 0);
}

async function run(
  [executable, ...args]: readonly [string, ...string[]],
): Promise<Deno.CommandOutput> {
  await using child = spawn(executable, args);
  const output = child.output();
  if (await isFulfilledWithin(output, MAX_COMPILE_MS)) return await output;
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended, and left its pipes to a child of its own.
  }
  throw new JSockDClientError(
    "SPAWN",
    `Cannot compile with '${executable}': it did not end within ${MAX_COMPILE_MS} ms`,
  );
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
