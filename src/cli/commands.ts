import type { Command } from "./command.ts";

/** A command as the list of all shows it, and how to get the whole of it. */
export interface CommandEntry {
  /** What it does, in a few words. */
  readonly summary: string;
  /** Loads it, and with it the code that it needs. */
  load(): Promise<{ readonly command: Command }>;
}

/** All commands, by their names. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  run: {
    summary: "run a function and print its result",
    load: () => import("./run.ts"),
  },
  bench: {
    summary: "measure throughput and latency of a server",
    load: () => import("./bench.ts"),
  },
};
