import { encodeReady } from "../protocol/ready.ts";
import { JSOCKD_VERSION } from "../version.ts";
import type { ServeOptions } from "./arguments.ts";
import { compileEngine } from "./engine.ts";
import type { ServerFiles } from "./files.ts";
import { type Log, writeAllSync } from "./log.ts";
import { listen, removeSocket } from "./sockets.ts";
import { ServerThread } from "./thread.ts";
import { readWebStreamsPolyfill } from "./web_streams.ts";

/**
 * Serves the sockets until a client closes one or asks for the end, or a signal comes.
 *
 * @param files The module that every command gets, and its source map.
 * @returns The exit status.
 * @throws If a socket cannot be listened on, or the module cannot be loaded.
 */
export async function serve(
  options: ServeOptions,
  files: ServerFiles,
  log: Log,
): Promise<number> {
  const bound: string[] = [];
  try {
    const listeners = options.sockets.map((path) => {
      const listener = listen(path);
      bound.push(path);
      return listener;
    });
    const engine = await compileEngine();
    const webStreams = readWebStreamsPolyfill();
    const threads = listeners.map((listener, index) =>
      new ServerThread(listener, {
        separator: options.separator,
        engine,
        webStreams,
        ...files,
        maxCommandRuntimeUs: options.maxCommandRuntimeUs,
        // The first thread is the one that clients use whenever it is free.
        idleTimeout: index === 0 || options.maxIdleTimeUs === 0
          ? Infinity
          : options.maxIdleTimeUs / 1000,
      }, log)
    );
    const signal = firstSignal();
    await Promise.all(threads.map((thread) => thread.ready));
    await dropPermissions();
    const ready = encodeReady({ threads: threads.length, version: JSOCKD_VERSION });
    writeAllSync(Deno.stdout, new TextEncoder().encode(ready));

    const end = await Promise.race([signal, ...threads.map((thread) => thread.serve())]);
    if (end === undefined) return 0;
    log("INFO", `Exiting after ${end} received`);
    return end === "SIGTERM" ? 0 : 1;
  } finally {
    bound.forEach(removeSocket);
  }
}

function firstSignal(): Promise<Deno.Signal> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      Deno.addSignalListener(signal, () => resolve(signal));
    }
  });
}

/** Keeps what removes the sockets at the end, and nothing else. */
async function dropPermissions(): Promise<void> {
  for (const name of ["net", "read", "env"] as const) await Deno.permissions.revoke({ name });
}
