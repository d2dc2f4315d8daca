import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { TextLineStream } from "@std/streams/text-line-stream";
import { LogDecoder, type LogEntry, parseReady, type Ready } from "../../src/protocol/mod.ts";
import { Connection } from "./connection.ts";
import { TempFolder } from "./temp_folder.ts";
import { within } from "./within.ts";

/** An executable and its leading arguments. */
export type Command = readonly [string, ...string[]];

/** How to start a server for a test. */
export interface StartOptions {
  /** The number of its sockets. Default: 1. */
  readonly sockets?: number;
  /** The arguments before `-s`. Default: `-b 00`. */
  readonly args?: readonly string[];
  /** Its whole environment. Default: empty. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * A server without a client, for tests that talk to it directly. Its disposal ends it with SIGTERM,
 * and fails if it has to be killed or leaves a socket behind.
 */
export class ServerProcess implements AsyncDisposable {
  /** The paths of its sockets. */
  readonly sockets: readonly string[];
  /** The log entries so far. */
  readonly logs: LogEntry[] = [];
  /** The lines that it has written to stdout after READY. */
  readonly stdout: string[] = [];

  readonly #folder: TempFolder;
  readonly #child: Deno.ChildProcess;
  readonly #connections: Connection[] = [];
  readonly #ready = Promise.withResolvers<Ready>();
  readonly #outputEnded: Promise<unknown>;
  #logged = Promise.withResolvers<void>();
  #logEnded = false;

  private constructor(command: Command, options: StartOptions, folder: TempFolder) {
    this.#folder = folder;
    this.sockets = Array.from(
      { length: options.sockets ?? 1 },
      (_, i) => join(folder.path, `${i}.sock`),
    );
    const [executable, ...leading] = command;
    this.#child = new Deno.Command(executable, {
      args: [...leading, ...options.args ?? ["-b", "00"], "-s", ...this.sockets],
      clearEnv: true,
      env: { ...options.env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#outputEnded = Promise.all([this.#readStdout(), this.#readStderr()]);
  }

  /** Starts a server. Resolves when it is ready. */
  static async start(command: Command, options: StartOptions = {}): Promise<ServerProcess> {
    await using cleanUp = new AsyncDisposableStack();
    const folder = cleanUp.use(await TempFolder.make());
    const server = new ServerProcess(command, options, folder);
    cleanUp.use(server);
    await within(server.#ready.promise, "READY");
    cleanUp.move();
    return server;
  }

  /** Resolves to the contents of its READY line. */
  get ready(): Promise<Ready> {
    return this.#ready.promise;
  }

  /** Connects to one of its sockets. */
  async connect(index = 0): Promise<Connection> {
    const path = this.sockets[index];
    if (path === undefined) throw new RangeError(`Cannot connect to socket ${index}: none such`);
    const connection = await Connection.open(path);
    this.#connections.push(connection);
    return connection;
  }

  /**
   * Resolves to the first log entry, at the index `from` or later, whose message matches a pattern.
   */
  async log(pattern: RegExp, from = 0): Promise<LogEntry> {
    return await within(this.#log(pattern, from), `a log entry that matches ${pattern}`);
  }

  async #log(pattern: RegExp, from: number): Promise<LogEntry> {
    for (let i = from;; i++) {
      let entry: LogEntry | undefined;
      while ((entry = this.logs[i]) === undefined) {
        if (this.#logEnded) throw new Error(`The server has ended and logged no ${pattern}`);
        await this.#logged.promise;
      }
      if (pattern.test(entry.message)) return entry;
    }
  }

  /** Sends it a signal. */
  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Resolves to its exit status when it has exited and all of its output is read. */
  async exited(): Promise<Deno.CommandStatus> {
    const [status] = await within(
      Promise.all([this.#child.status, this.#outputEnded]),
      "the server's exit",
    );
    return status;
  }

  async #readStdout(): Promise<void> {
    let ready: Ready | undefined;
    const lines = this.#child.stdout
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    for await (const line of lines) {
      if (ready !== undefined) {
        this.stdout.push(line);
      } else if ((ready = parseReady(line)) !== undefined) {
        this.#ready.resolve(ready);
      } else {
        this.#ready.reject(new Error(`Expected READY, got ${JSON.stringify(line)}`));
      }
    }
    if (ready === undefined) this.#ready.reject(new Error("The server has ended before READY"));
  }

  async #readStderr(): Promise<void> {
    const entries = this.#child.stderr
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream())
      .pipeThrough(new TransformStream(new LogDecoder()));
    for await (const entry of entries) {
      this.logs.push(entry);
      this.#logged.resolve();
      this.#logged = Promise.withResolvers();
    }
    this.#logEnded = true;
    this.#logged.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await using folder = this.#folder;
    for (const connection of this.#connections) connection[Symbol.dispose]();
    const killed = await this.#end();
    const left = Array.from(Deno.readDirSync(folder.path), (entry) => entry.name);
    assertEquals(killed, false, "The server had to be killed");
    assertEquals(left, [], "The server has left its sockets behind");
  }

  async #end(): Promise<boolean> {
    let killed = false;
    const timer = setTimeout(() => {
      killed = true;
      this.#child.kill("SIGKILL");
    }, 20_000);
    try {
      this.#child.kill("SIGTERM");
    } catch {
      // It has exited already.
    }
    await Promise.all([this.#child.status, this.#outputEnded]);
    clearTimeout(timer);
    return killed;
  }
}
