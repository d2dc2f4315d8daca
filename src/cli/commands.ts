import type { Command } from "./command.ts";

/** A command in the list of commands. */
export interface CommandEntry {
  /** What the command does, in a few words. */
  readonly summary: string;
  /** Loads the command with the code that it needs. */
  load(): Promise<{ readonly command: Command }>;
}

/** All commands, by name. */
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
    summary: "generate a key pair to sign modules with",
    load: () => import("./keygen.ts"),
  },
  doctor: {
    summary: "check whether a server can run here",
    load: () => import("./doctor.ts"),
  },
  bench: {
    summary: "measure throughput and latency of a server",
    load: () => import("./bench.ts"),
  },
  worker: {
    summary: "run a module's exports for clients that reach it over NATS",
    load: () => import("./worker.ts"),
  },
  playground: {
    summary: "serve a page to try the servers on",
    load: () => import("./playground.ts"),
  },
};
