import { encodeReady } from "../../protocol/ready.ts";
import { JSOCKD_VERSION } from "../../common/version.ts";
import { compileEngine } from "../engines/quickjs/wasm.ts";
import { writeAllSync } from "./log.ts";
import { listen, removeSocket } from "./sockets.ts";
import { ServerThread } from "./thread.ts";
import { readWebStreamsPolyfill } from "../engines/quickjs/web_streams.ts";
import type { Log, ModuleSource } from "../engines/engine.ts";

/** What to serve, and how: times are in microseconds. */
export interface ServeOptions {
  /** Paths of the sockets, one thread each. */
  readonly sockets: readonly string[];
  /** The compiled module that every command gets. */
  readonly module: string | undefined;
  /** The module's source map. */
  readonly sourceMap: string | undefined;
  /** The longest run of a command. */
  readonly maxCommandRuntimeUs: number;
  /** The time after which an idle thread's runtime is shut down; 0: never. */
  readonly maxIdleTimeUs: number;
  /** The byte that ends a field. */
  readonly separator: number;
}

/** The files that the command line names, read and checked. */
export interface ServerFiles {
  readonly module: ModuleSource | undefined;
  readonly sourceMap: string | undefined;
}

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
