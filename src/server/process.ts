import { JSockDClientError, messageOf } from "../common/errors.ts";
import { LogDecoder, type LogEntry } from "../protocol/logs.ts";
import { parseReady, type Ready } from "../protocol/ready.ts";
import { toLines } from "./lines.ts";
import type { LogSink } from "./logging.ts";
import { isFulfilledWithin } from "./time_limit.ts";

/** How long output is still read after the process ended: children of its own may hold the pipes. */
const DRAIN_MS = 500;

/** Log entries that are kept, so that an error can quote them. */
const QUOTED_ENTRIES = 10;

/** A server process: its READY line, its output, its end. */
export class ServerProcess {
  readonly #child: Deno.ChildProcess;
  readonly #log: LogSink;
  readonly #ready = Promise.withResolvers<Ready>();
  readonly #outputEnd = new AbortController();
  readonly #lastEntries: LogEntry[] = [];
  /** How the process ended, once all its output is taken. Never rejects. */
  readonly exited: Promise<Deno.CommandStatus>;

  /**
   * Starts a process.
   *
   * @param command The executable and all its arguments.
   * @param env The whole environment.
   * @param log Takes what the process writes.
   * @throws {JSockDClientError} `SPAWN` if there is no such program or it cannot be run.
   */
  constructor(
    command: readonly [string, ...string[]],
    env: Record<string, string>,
    log: LogSink,
  ) {
    this.#log = log;
    this.#child = spawn(command, env);
    // A process that ends while nobody waits for it to be ready is no unhandled rejection.
    this.#ready.promise.catch(() => {});
    this.exited = this.#watch();
  }

  /** The process's number. */
  get pid(): number {
    return this.#child.pid;
  }

  /**
   * What the READY line says, once there is one. Rejects as `SPAWN`, caused by the exit status, if
   * the process ends before, and as `PROTOCOL` if the line is none that a server prints.
   */
  get ready(): Promise<Ready> {
    return this.#ready.promise;
  }

  /** The last lines of what the process wrote, in words. */
  get lastOutput(): string {
    if (this.#lastEntries.length === 0) return "it wrote nothing";
    return `it wrote: ${this.#lastEntries.map((entry) => entry.message.slice(0, 500)).join(" | ")}`;
  }

  /** The last error that the process logged, in words; empty if it logged none. */
  get lastError(): string {
    const entry = this.#lastEntries.findLast(({ level }) => level === "ERROR");
    return entry === undefined ? "" : `, after '${entry.message.slice(0, 500)}'`;
  }

  /** Sends a signal; does nothing if the process has ended. */
  kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }

  async #watch(): Promise<Deno.CommandStatus> {
    const output = Promise.allSettled([this.#readStdout(), this.#readStderr()]);
    const status = await this.#child.status;
    if (!await isFulfilledWithin(output, DRAIN_MS)) this.#outputEnd.abort();
    await output;
    this.#ready.reject(
      new JSockDClientError(
        "SPAWN",
        `Cannot start the server: it ended with ${describeStatus(status)} before it was ready; ` +
          this.lastOutput,
        { cause: status },
      ),
    );
    return status;
  }

  #readStdout(): Promise<void> {
    let readySeen = false;
    const sink = new WritableStream<string>({
      write: (line) => {
        if (readySeen || !line.startsWith("READY")) {
          return this.#take({ timestamp: undefined, level: "STDOUT", message: line });
        }
        readySeen = true;
        const ready = parseReady(line);
        if (ready !== undefined) return this.#ready.resolve(ready);
        this.#ready.reject(
          new JSockDClientError(
            "PROTOCOL",
            `Cannot start the server: expected 'READY <threads> <version>', got '${line}'`,
          ),
        );
      },
    });
    return toLines(this.#child.stdout).pipeTo(sink, { signal: this.#outputEnd.signal });
  }

  #readStderr(): Promise<void> {
    const sink = new WritableStream<LogEntry>({ write: (entry) => this.#take(entry) });
    return toLines(this.#child.stderr)
      .pipeThrough(new TransformStream(new LogDecoder()))
      .pipeTo(sink, { signal: this.#outputEnd.signal });
  }

  #take(entry: LogEntry): void {
    this.#lastEntries.push(entry);
    if (this.#lastEntries.length > QUOTED_ENTRIES) this.#lastEntries.shift();
    this.#log(entry);
  }
}

/** How a process ended, in words. */
export function describeStatus(status: Deno.CommandStatus): string {
  return status.signal === null ? `exit code ${status.code}` : `signal ${status.signal}`;
}

function spawn(
  [executable, ...args]: readonly [string, ...string[]],
  env: Record<string, string>,
): Deno.ChildProcess {
  try {
    return new Deno.Command(executable, {
      args,
      env,
      clearEnv: true,
      // A terminal's Ctrl-C is for the program alone, which may still have commands to finish.
      detached: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (cause) {
    const reason = cause instanceof Deno.errors.NotFound
      ? "there is no such executable"
      : messageOf(cause);
    throw new JSockDClientError("SPAWN", `Cannot start '${executable}': ${reason}`, { cause });
  }
}
