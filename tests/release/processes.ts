import { fromFileUrl } from "@std/path";
import type { AutoDownloadOptions, JSockDConfig } from "../../mod.ts";
import { DENO_DIR } from "../support/deno_dir.ts";
import { runToEnd } from "../support/run_to_end.ts";
import type { Command } from "../support/server_process.ts";

const program = fromFileUrl(new URL("./start.ts", import.meta.url));

/** Options of a process that starts a client. */
export interface ProcessOptions {
  readonly config?: Partial<JSockDConfig>;
  readonly download: AutoDownloadOptions;
  /** The permission flags. Default: all permissions. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The command that starts Deno. Default: none. */
  readonly wrapper?: readonly string[];
}

/** Starts a client in a new process, runs a command, and returns what the process prints. */
export async function startInProcess(options: ProcessOptions): Promise<string> {
  const { config = { nThreads: 1 }, download, flags = ["-A"], env = {}, wrapper = [] } = options;
  const command = [...wrapper, Deno.execPath()] as string[] as [string, ...string[]];
  const request = JSON.stringify([config, download]);
  const args = ["run", "--no-prompt", "--quiet", ...flags, program, request];
  const { stdout, stderr } = await runToEnd(command satisfies Command, args, {
    env: { DENO_DIR, NO_COLOR: "1", ...env },
  });
  return stdout.trimEnd() || stderr;
}
