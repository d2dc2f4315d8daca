import { JSockDClientError, messageOf } from "../common/errors.ts";
import { LogDecoder, type LogEntry } from "../protocol/logs.ts";
import { parseReady, type Ready } from "../protocol/ready.ts";
import { toLines } from "./lines.ts";
import type { LogSink } from "./logging.ts";
import { isFulfilledWithin } from "../common/time_limit.ts";

/**
 * How long to read output after the process has ended. If child processes of the server hold the
 * pipes open, the end of the output never comes.
 */
const DRAIN_MS = 500;

/** How many of the latest log entries are kept to be quoted in errors. */
const QUOTED_ENTRIES = 10;

/** A server process. Its output is always read, as a full pipe would block the server. */
export class ServerProcess {
  readonly #child: Deno.ChildProcess;
  readonly #log: LogSink;
  readonly #ready = Promise.withResolvers<Ready>();
  readonly #outputEnd = new AbortController();
  readonly #lastEntries: LogEntry[] = [];
  /**
   * Resolves to the exit status when the process has ended and its output is read. Never rejects.
   */
  readonly exited: Promise<Deno.CommandStatus>;

  /**
   * Starts a process.
   *
   * @param command The executable and all its arguments.
   * @param env The whole environment.
   * @param log Receives the output of the process.
   * @param input What the process reads from stdin. Default: nothing.
   * @throws {JSockDClientError} `SPAWN` if there is no such executable, or it cannot be run.
   */
  constructor(
    command: readonly [string, ...string[]],
    env: Record<string, string>,
    log: LogSink,
    input?: Uint8Array<ArrayBuffer>,
  ) {
    this.#log = log;
    this.#child = spawn(command, env, input === undefined ? "null" : "piped");
    // Nobody may be waiting for `ready` when the process ends: that is not an unhandled rejection.
    this.#ready.promise.catch(() => {});
    this.exited = this.#watch(input);
  }

  /** The ID of the process. */
  get pid(): number {
    return this.#child.pid;
  }

  /**
   * Resolves to the contents of the READY line. Rejects with `SPAWN`, and the exit status as the
   * cause, if the process ends first. Rejects with `PROTOCOL` if the READY line is malformed.
   */
  get ready(): Promise<Ready> {
    return this.#ready.promise;
  }

  /** The end of the process's output, as part of a sentence. */
  get lastOutput(): string {
    if (this.#lastEntries.length === 0) return "it wrote nothing";
    return `it wrote: ${this.#lastEntries.map((entry) => entry.message.slice(0, 500)).join(" | ")}`;
  }

  /** The last error that the process logged, in words; empty if it logged none. */
  get lastError(): string {
    const entry = this.#lastEntries.findLast(({ level }) => level === "ERROR");
    return entry === undefined ? "" : `, after '${entry.message.slice(0, 500)}'`;
  }

  /** Sends a signal. Does nothing if the process has ended. */
  kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }

  async #watch(input: Uint8Array<ArrayBuffer> | undefined): Promise<Deno.CommandStatus> {
    const output = Promise.allSettled([
      this.#readStdout(),
      this.#readStderr(),
      // A process that ends before it has read all of it says why.
      input && ReadableStream.from([input]).pipeTo(this.#child.stdin),
    ]);
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

/** Returns in words how a process ended. */
export function describeStatus(status: Deno.CommandStatus): string {
  return status.signal === null ? `exit code ${status.code}` : `signal ${status.signal}`;
}

function spawn(
  [executable, ...args]: readonly [string, ...string[]],
  env: Record<string, string>,
  stdin: "null" | "piped",
): Deno.ChildProcess {
  try {
    return new Deno.Command(executable, {
      args,
      env,
      clearEnv: true,
      // Ctrl-C in a terminal signals a whole process group. The program may still have commands to
      // finish, so the server must not get the signal.
      detached: true,
      stdin,
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
