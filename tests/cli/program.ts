import { fromFileUrl } from "@std/path";
import { toLines } from "../../src/server/lines.ts";
import { type Outcome, runToEnd } from "../support/run_to_end.ts";
import type { Command } from "../support/server_process.ts";
import { shellWords } from "../support/shell.ts";
import { within } from "../support/within.ts";

const MAIN = fromFileUrl(new URL("../../src/cli/main.ts", import.meta.url));

/** How the program is called. */
export interface CallOptions {
  /** What Deno allows it; everything by default. */
  readonly permissions?: readonly string[];
  /** What it reads from stdin; nothing by default. */
  readonly stdin?: string;
  /** Environment variables that differ from those of the test. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the program to its end. */
export function call(
  args: readonly string[],
  { permissions = ["-A"], stdin, env }: CallOptions = {},
): Promise<Outcome> {
  return runToEnd(programCommand(permissions), args, {
    env: { ...Deno.env.toObject(), ...env },
    ...(stdin === undefined ? {} : { stdin }),
  });
}

/** Runs the program on a terminal, to which both its outputs go. Linux only. */
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

/** Runs the program with a stdout of which only the beginning is read, as by `head`. */
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
  const { code } = await within(child.status, "the end of a program that nobody reads");
  return { code, stderr: await stderr };
}

/** When and how the program is interrupted. */
export interface InterruptOptions extends Pick<CallOptions, "env"> {
  /** The signal is sent once a line on stderr has this in it. */
  readonly after: string;
  readonly signal: Deno.Signal;
  /** Whether the whole process group gets the signal, as from a terminal. */
  readonly group: boolean;
}

/** What an interrupted program came to. */
export interface InterruptedOutcome {
  readonly code: number;
  readonly stdout: string;
  /** The lines on stderr, but for the server's log, that came after the signal was sent. */
  readonly messagesAfter: readonly string[];
  /** The processes that it has left behind. */
  readonly left: readonly string[];
}

/** Runs the program until it is interrupted. */
export async function interrupt(
  args: readonly string[],
  { after, signal, group, env }: InterruptOptions,
): Promise<InterruptedOutcome> {
  const [executable, ...leading] = programCommand(["-A"]);
  await using child = new Deno.Command(executable, {
    args: [...leading, ...args],
    env: { ...env },
    // A process group of its own, which signals can be sent to.
    detached: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stdout = new Response(child.stdout).text();
  const messagesAfter: string[] = [];
  let sent = false;
  const readStderr = async () => {
    for await (const line of toLines(child.stderr)) {
      if (sent && !line.startsWith("[jsockd] ")) messagesAfter.push(line);
      if (sent || !line.includes(after)) continue;
      sent = true;
      Deno.kill(group ? -child.pid : child.pid, signal);
    }
  };
  await within(readStderr(), `the end of ${args.join(" ")} by ${signal}`);
  const { code } = await child.status;
  return {
    code,
    stdout: await stdout,
    messagesAfter,
    left: await processesOf(child.pid, env?.["TMPDIR"]),
  };
}

function programCommand(permissions: readonly string[]): Command {
  return [Deno.execPath(), "run", "--no-prompt", "--quiet", ...permissions, MAIN];
}

/** The processes of a group, and servers with their sockets in a folder. */
async function processesOf(group: number, folder: string | undefined): Promise<string[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-A", "-o", "pgid=,pid=,args="] })
    .output();
  const lines = new TextDecoder().decode(stdout).split("\n");
  return lines.filter((line) =>
    Number(line.trim().split(/\s+/)[0]) === group || (folder !== undefined && line.includes(folder))
  );
}
