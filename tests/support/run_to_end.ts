import { assertEquals } from "@std/assert";
import type { Command } from "./server_process.ts";
import { within } from "./within.ts";

/** What a program that ends of itself came to. */
export interface Outcome {
  /** The exit status. */
  readonly code: number;
  /** All that was written to stdout. */
  readonly stdout: string;
  /** All that was written to stderr. */
  readonly stderr: string;
}

/** How a program is run. */
export interface RunToEndOptions {
  /** Its whole environment; empty by default. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder that it is run in; that of the tests by default. */
  readonly cwd?: string;
  /** What it reads from stdin; nothing by default. */
  readonly stdin?: string;
}

/** Far longer than Deno takes to check types or to bundle, on a machine that is busy. */
const DENO_LIMIT_MS = 120_000;

/** Runs a program with arguments after which it ends of itself. */
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

/** Runs Deno to its end; `env` is what its environment has more than that of the tests. */
export async function runDeno(
  args: readonly string[],
  { env, ...options }: RunToEndOptions = {},
): Promise<Outcome> {
  const whole = { ...Deno.env.toObject(), NO_COLOR: "1", ...env };
  return await runToEnd([Deno.execPath()], args, { ...options, env: whole }, DENO_LIMIT_MS);
}

/** Waits for the end of a program, which must be a good one; gives what it wrote to stdout. */
export async function stdoutOf(outcome: Promise<Outcome>): Promise<string> {
  const { code, stdout, stderr } = await outcome;
  assertEquals(code, 0, stderr);
  return stdout;
}
