import type { Command } from "./server_process.ts";
import { within } from "./within.ts";

/** What a command that ends of itself came to. */
export interface Outcome {
  /** The exit status. */
  readonly code: number;
  /** All that was written to stdout. */
  readonly stdout: string;
  /** All that was written to stderr. */
  readonly stderr: string;
}

/** Runs a server's executable with arguments after which it ends of itself. */
export async function runToEnd(
  [executable, ...leading]: Command,
  args: readonly string[],
  options: { env?: Readonly<Record<string, string>>; cwd?: string; stdin?: string } = {},
): Promise<Outcome> {
  await using child = new Deno.Command(executable, {
    args: [...leading, ...args],
    clearEnv: true,
    env: { ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  await ReadableStream.from(options.stdin === undefined ? [] : [options.stdin])
    .pipeThrough(new TextEncoderStream())
    .pipeTo(child.stdin);
  const { code, stdout, stderr } = await within(output, `the end of ${args.join(" ")}`);
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
