import { delay } from "@std/async/delay";
import { messageOf } from "../../common/errors.ts";
import { isFulfilledWithin } from "../../common/time_limit.ts";
import { JSOCKD_VERSION } from "../../common/version.ts";
import { encodeReady } from "../../protocol/ready.ts";
import {
  DEFAULT_MEMORY_BYTES,
  type EngineFiles,
  type EngineName,
  type Log,
} from "../engines/engine.ts";
import { EngineWorker } from "./engine_worker.ts";
import { WorkerPool } from "./worker_pool.ts";
import { loadParts, workerProgram } from "./engines.ts";
import { type LogWriter, writeAllSync } from "./log.ts";
import { SocketRemover } from "./socket_remover.ts";
import { listen, removeSocket } from "./sockets.ts";
import { ServerThread } from "./thread.ts";
import { runWatchdog } from "./watchdog.ts";

/** How long clients have to read the last answers, in milliseconds. */
const MAX_END_MS = 200;

/** Options of {@linkcode serve}. Times are in microseconds. */
export interface ServeOptions {
  /** The engine that runs the commands. */
  readonly engine: EngineName;
  /** The memory limit of the server's process, in MiB; undefined for the default. */
  readonly maxMemoryMb: number | undefined;
  /**
   * The memory limit of each thread in QuickJS, or of the process on V8, in bytes; undefined for the
   * default.
   */
  readonly maxMemoryBytes: number | undefined;
  /** The paths of the sockets. Each has a thread. */
  readonly sockets: readonly string[];
  /** The path of the compiled module that every command gets. */
  readonly module: string | undefined;
  /** The path of the module's source map. */
  readonly sourceMap: string | undefined;
  /** The time limit of a command. */
  readonly maxCommandRuntimeUs: number;
  /** The idle time after which a thread's engine is shut down; 0 means never. */
  readonly maxIdleTimeUs: number;
  /** The byte that ends a field. */
  readonly separator: number;
}

/** The log of the server. */
export interface ServerLog {
  readonly writer: LogWriter;
  /** Is put before each message of the server itself. */
  readonly prefix: string;
  /** Logs a message. */
  readonly log: Log;
}

/**
 * Serves the sockets until a client closes one or sends `?quit`, or a signal arrives.
 *
 * @param files The module that every command gets, and its source map.
 * @returns The exit status.
 * @throws {OrderlyEnd} If the server had to end, for example because of its memory.
 * @throws If a socket cannot be opened, the module cannot be loaded, or a client does not read the
 * last answers.
 */
export async function serve(
  options: ServeOptions,
  files: EngineFiles,
  { writer, prefix, log }: ServerLog,
): Promise<number> {
  const bound: string[] = [];
  let remover: SocketRemover | undefined;
  let threads: ServerThread[] = [];
  try {
    const listeners = options.sockets.map((path) => {
      const listener = listen(path);
      bound.push(path);
      return listener;
    });
    threads = listeners.map((listener, index) =>
      // Clients prefer the first thread, so its engine stays.
      new ServerThread(
        listener,
        index === 0 || options.maxIdleTimeUs === 0 ? Infinity : options.maxIdleTimeUs / 1000,
      )
    );
    const program = workerProgram(options.engine);
    // This takes longest, so it begins first, in the background.
    const parts = loadParts(options.engine);
    const workers = threads.map(() => new EngineWorker(program));
    const setup = {
      type: "setup",
      options: {
        ...files,
        maxRuntimeUs: options.maxCommandRuntimeUs,
        maxMemoryBytes: options.maxMemoryBytes ?? DEFAULT_MEMORY_BYTES,
      },
      parts: await parts,
      logPrefix: prefix,
      separator: options.separator,
    } as const;
    for (const worker of workers) worker.setUp(setup);
    // After the other workers, which load meanwhile: this thread waits while Deno creates a worker.
    remover = new SocketRemover(options.sockets);
    const signal = firstSignal();
    await Promise.all([
      remover.ready,
      ...workers.map((worker) => worker.ready),
      // Deno loads its timers when the first one is set. It can do so while the workers load.
      delay(0),
    ]);
    await dropPermissions(options.engine);
    threads.forEach((thread, index) => {
      thread.assign(workers[index]!);
      void writer.follow(thread.channel.log);
    });
    const ready = encodeReady({ threads: threads.length, version: JSOCKD_VERSION });
    writeAllSync(Deno.stdout, new TextEncoder().encode(ready));
    const watchdog = runWatchdog(threads, new WorkerPool(program, setup), options, log);

    const ended = Promise.race([signal, watchdog, ...threads.map((thread) => thread.serve())]);
    const [end] = await Promise.allSettled([ended]);
    const inOrder = await isFulfilledWithin(
      Promise.all(threads.map((thread) => thread.end())),
      MAX_END_MS,
    );
    if (end.status === "rejected") throw inOrder ? new OrderlyEnd(end.reason) : end.reason;
    if (end.value !== undefined) log("INFO", `Exiting after ${end.value} received`);
    return inOrder && end.value !== "SIGINT" ? 0 : 1;
  } finally {
    if (remover === undefined) bound.forEach(removeSocket);
    else await remover.remove(bound);
    await writer.flush(threads.map((thread) => thread.channel.log));
  }
}

/** The server had to end, and has ended in order. */
export class OrderlyEnd extends Error {
  override readonly name = "OrderlyEnd";

  /** @param cause Why it had to end. */
  constructor(cause: unknown) {
    super(messageOf(cause), { cause });
  }
}

function firstSignal(): Promise<Deno.Signal> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      Deno.addSignalListener(signal, () => resolve(signal));
    }
  });
}

/**
 * Drops all permissions. With V8 the one to read stays: a spare worker's script is read when the
 * worker starts.
 */
async function dropPermissions(engine: EngineName): Promise<void> {
  const needed = engine === "v8" ? ["read"] : [];
  for (const name of ["net", "env", "write", "read"] as const) {
    if (!needed.includes(name)) await Deno.permissions.revoke({ name });
  }
}
