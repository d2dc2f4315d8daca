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
  install: {
    summary: "download and verify a jsockd, and print its path",
    load: () => import("./install.ts"),
  },
  run: {
    summary: "run a function and print its result",
    load: () => import("./run.ts"),
  },
  build: {
    summary: "bundle, compile and sign a module",
    load: () => import("./build.ts"),
  },
  keygen: {
    summary: "make a key pair to sign modules with",
    load: () => import("./keygen.ts"),
  },
  doctor: {
    summary: "find out what would keep a server from running here",
    load: () => import("./doctor.ts"),
  },
  bench: {
    summary: "measure throughput and latency of a server",
    load: () => import("./bench.ts"),
  },
};
