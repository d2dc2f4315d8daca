import { fromFileUrl } from "@std/path";
import type { AutoDownloadOptions, JSockDConfig } from "../../mod.ts";
import { DENO_DIR } from "../support/deno_dir.ts";
import { runToEnd } from "../support/run_to_end.ts";
import type { Command } from "../support/server_process.ts";

const program = fromFileUrl(new URL("./start.ts", import.meta.url));

/** How a process is started that starts a client. */
export interface ProcessOptions {
  readonly config?: Partial<JSockDConfig>;
  readonly download: AutoDownloadOptions;
  /** The permissions it has; all by default. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What starts Deno; nothing by default. */
  readonly wrapper?: readonly string[];
}

/** Has a process of its own start a client and run a command, and gives what it prints. */
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
