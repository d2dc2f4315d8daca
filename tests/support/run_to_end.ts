import { assertEquals } from "@std/assert";
import type { Command } from "./server_process.ts";
import { within } from "./within.ts";

/** The exit code and output of a program. */
export interface Outcome {
  /** The exit code. */
  readonly code: number;
  /** Everything that it wrote to stdout. */
  readonly stdout: string;
  /** Everything that it wrote to stderr. */
  readonly stderr: string;
}

/** How to run a program. */
export interface RunToEndOptions {
  /** Its whole environment. Default: empty. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its working directory. Default: that of the tests. */
  readonly cwd?: string;
  /** What it reads from stdin. Default: nothing. */
  readonly stdin?: string;
}

/** Far longer than Deno takes to check types or to bundle, even on a busy machine. */
const DENO_LIMIT_MS = 120_000;

/** Runs a program until it exits, and rejects if it does not exit in time. */
export async function runToEnd(
  [executable, ...leading]: Command,
  args: readonly string[],
  { env = {}, cwd, stdin }: RunToEndOptions = {},
  limitMs?: number,
): Promise<Outcome> {
  await using child = new Deno.Command(executable, {
    args: [...leading, ...args],
    clearEnv: true,
    env: { ...env },
    ...(cwd === undefined ? {} : { cwd }),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  await ReadableStream.from(stdin === undefined ? [] : [stdin])
    .pipeThrough(new TextEncoderStream())
    .pipeTo(child.stdin);
  const { code, stdout, stderr } = await within(output, `the end of ${args.join(" ")}`, limitMs);
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Runs Deno until it exits. `env` is added to the environment of the tests. */
export async function runDeno(
  args: readonly string[],
  { env, ...options }: RunToEndOptions = {},
): Promise<Outcome> {
  const whole = { ...Deno.env.toObject(), NO_COLOR: "1", ...env };
  return await runToEnd([Deno.execPath()], args, { ...options, env: whole }, DENO_LIMIT_MS);
}

/** Asserts that a program exits with 0. Resolves to what it wrote to stdout. */
export async function stdoutOf(outcome: Promise<Outcome>): Promise<string> {
  const { code, stdout, stderr } = await outcome;
  assertEquals(code, 0, stderr);
  return stdout;
}
