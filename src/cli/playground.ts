import { MAX_THREADS } from "../protocol/limits.ts";
import { startPlayground } from "../playground/mod.ts";
import { defineCommand } from "./command.ts";
import { withoutUndefined } from "./without_undefined.ts";

/** The command `jsockd playground`. */
export const command = defineCommand({
  description: "Serves a page to write programs on, to run them on both embedded servers and\n" +
    "on a jsockd, and to watch the servers meanwhile. It listens on the loopback\n" +
    "address alone, because it runs any code that it is sent; the address that it\n" +
    "prints has a secret in it, for the same reason.",
  operands: {},
  options: {
    exec: { value: "PATH", help: "show this jsockd executable, too" },
    port: { value: "N", range: [0, 65_535], help: "port of the page; 0 for any (8000)" },
    threads: { value: "N", range: [1, MAX_THREADS], help: "threads of each server (2)" },
    timeout: { value: "MS", range: [1, 60_000], help: "longest run of a program (1000)" },
  },

  async run({ exec, port, threads, timeout }, _operands, signal) {
    console.error("Starting the servers …");
    await using playground = await startPlayground(withoutUndefined({
      port,
      jsockdExec: exec,
      nThreads: threads,
      maxCommandRuntimeUs: timeout && timeout * 1000,
    }));
    // A start cannot be aborted. After a signal, it is undone.
    signal.throwIfAborted();
    console.log(playground.url);
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    return 0;
  },
});
