import { fromFileUrl } from "@std/path";
import { toLines } from "../../src/server/lines.ts";
import { type Outcome, runToEnd } from "../support/run_to_end.ts";
import type { Command } from "../support/server_process.ts";
import { shellWords } from "../support/shell.ts";
import { within } from "../support/within.ts";

const MAIN = fromFileUrl(new URL("../../src/cli/main.ts", import.meta.url));

/** Options of a run of the program. */
export interface CallOptions {
  /** The permission flags. Default: all permissions. */
  readonly permissions?: readonly string[];
  /** The text on stdin. Default: none. */
  readonly stdin?: string;
  /** Environment variables to set in addition to those of the test. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the program until it exits. */
export function call(
  args: readonly string[],
  { permissions = ["-A"], stdin, env }: CallOptions = {},
): Promise<Outcome> {
  return runToEnd(programCommand(permissions), args, {
    env: { ...Deno.env.toObject(), ...env },
    ...(stdin === undefined ? {} : { stdin }),
  });
}

/** Runs the program on a terminal, which gets stdout and stderr. Linux only. */
export async function callOnTerminal(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Pick<Outcome, "code" | "stdout">> {
  const { NO_COLOR: _, ...inherited } = Deno.env.toObject();
  const command = shellWords([...programCommand(["-A"]), ...args]);
  return await runToEnd(["script"], ["--quiet", "--return", "--command", command, "/dev/null"], {
    env: { ...inherited, ...env },
  });
}

/** Runs the program and reads only the beginning of its stdout, as `head` does. */
export async function callUnread(
  args: readonly string[],
): Promise<Pick<Outcome, "code" | "stderr">> {
  const [executable, ...leading] = programCommand(["-A"]);
  await using child = new Deno.Command(executable, {
    args: [...leading, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  const reader = child.stdout.getReader();
  await within(reader.read(), "the beginning of stdout");
  await reader.cancel();
  const { code } = await within(child.status, "the exit after stdout was closed");
  return { code, stderr: await stderr };
}

/** When and how the program is interrupted. */
export interface InterruptOptions extends Pick<CallOptions, "env"> {
  /** The signal is sent once a line on stderr contains this text, or once this promise resolves. */
  readonly after: string | Promise<void>;
  readonly signal: Deno.Signal;
  /** Whether to send the signal to the whole process group, as a terminal does. */
  readonly group: boolean;
}

/** The outcome of an interrupted program. */
export interface InterruptedOutcome {
  readonly code: number;
  readonly stdout: string;
  /** The lines on stderr after the signal was sent, without the server's log. */
  readonly messagesAfter: readonly string[];
  /** The processes that the program has left behind. */
  readonly left: readonly string[];
}

/** Runs the program and interrupts it with a signal. */
export async function interrupt(
  args: readonly string[],
  { after, signal, group, env }: InterruptOptions,
): Promise<InterruptedOutcome> {
  const [executable, ...leading] = programCommand(["-A"]);
  await using child = new Deno.Command(executable, {
    args: [...leading, ...args],
    env: { ...env },
    // Starts a new process group, so that the signal does not reach the test.
    detached: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stdout = new Response(child.stdout).text();
  const messagesAfter: string[] = [];
  let sent = false;
  const send = () => {
    sent = true;
    Deno.kill(group ? -child.pid : child.pid, signal);
  };
  if (typeof after !== "string") after.then(send);
  const readStderr = async () => {
    for await (const line of toLines(child.stderr)) {
      if (sent && !line.startsWith("[jsockd] ")) messagesAfter.push(line);
      if (!sent && typeof after === "string" && line.includes(after)) send();
    }
  };
  try {
    await within(readStderr(), `the end of ${args.join(" ")} by ${signal}`);
  } catch (error) {
    // It does not obey gentler signals.
    child.kill("SIGKILL");
    throw error;
  }
  const { code } = await child.status;
  return {
    code,
    stdout: await stdout,
    messagesAfter,
    left: processesOf(child.pid, env?.["TMPDIR"]),
  };
}

/** Returns the command that starts the program. */
export function programCommand(permissions: readonly string[]): Command {
  return [Deno.execPath(), "run", "--no-prompt", "--quiet", ...permissions, MAIN];
}

/** Returns the processes of a group, and those whose arguments name a folder. */
function processesOf(group: number, folder: string | undefined): string[] {
  return processes().filter((line) =>
    Number(line.trim().split(/\s+/)[0]) === group || (folder !== undefined && line.includes(folder))
  );
}

/** Returns the processes whose arguments name a folder. */
export function processesNaming(folder: string): string[] {
  return processes().filter((line) => line.includes(folder));
}

/** Returns a line for each process: its group, its number and its arguments. */
function processes(): string[] {
  const { stdout } = new Deno.Command("ps", { args: ["-A", "-o", "pgid=,pid=,args="] })
    .outputSync();
  return new TextDecoder().decode(stdout).split("\n");
}
