import { join } from "@std/path";
import { initJSockDClient, type JSockDClient, type ServerCommand } from "../../mod.ts";
import { buildModule } from "../module/mod.ts";
import type { Compiler } from "./compiler.ts";
import { Load } from "./load.ts";
import { runProgram } from "./run_program.ts";
import type { LogLine, Outcome, RunRequest, Sample, ServerInfo } from "./wire.ts";

/** How to start a server. */
export interface PlaygroundServerOptions {
  readonly id: string;
  readonly name: string;
  readonly command: ServerCommand;
  readonly threads: number;
  readonly limitMs: number;
  readonly compiler: Compiler;
  /** A folder for the module. */
  readonly folder: string;
  /** Receives the lines of the log. */
  readonly onLog: (line: LogLine) => void;
}

/** How long a program may wait for a thread, beyond the time limit. */
const MARGIN_MS = 10_000;

/** A server on the page: runs programs, carries load, and can be killed. */
export class PlaygroundServer implements AsyncDisposable {
  readonly info: ServerInfo;
  readonly #client: JSockDClient;
  readonly #options: PlaygroundServerOptions;
  #load: Load | undefined;
  /** False from the end of a process until the next one is ready. */
  #isUp = true;
  #last = { time: performance.now(), completed: 0 };

  private constructor(client: JSockDClient, options: PlaygroundServerOptions) {
    this.info = { id: options.id, name: options.name, version: client.serverVersion };
    this.#client = client;
    this.#options = options;
    client.addEventListener("exit", ({ detail: { pid, reason } }) => {
      this.#isUp = false;
      this.#log("SERVER", `Process ${pid} ended: ${reason}`);
    });
    client.addEventListener("ready", ({ detail: { pid } }) => {
      this.#isUp = true;
      this.#log("SERVER", `Process ${pid} is ready`);
    });
  }

  /** Builds the module and starts the server. */
  static async start(options: PlaygroundServerOptions): Promise<PlaygroundServer> {
    const { id, command, threads, limitMs, folder, onLog } = options;
    const built = await buildModule({
      entry: await rendererEntry(folder),
      outDir: join(folder, id),
      jsockdExec: command,
    });
    const client = await initJSockDClient({
      ...built,
      nThreads: threads,
      maxCommandRuntimeUs: limitMs * 1000,
      timeoutUs: (limitMs + MARGIN_MS) * 1000,
      skipJSockDVersionCheck: true,
      // Visitors kill servers again and again.
      maxRestartsPerMinute: 1000,
      logger: (_timestamp, level, message) => onLog(toLogLine(id, level, message)),
    }, command);
    return new PlaygroundServer(client, options);
  }

  /** The ID of the present process. */
  get pid(): number {
    return this.#client.pid;
  }

  /** Runs a program. */
  run(request: RunRequest): Promise<Outcome> {
    return runProgram(
      this.#client,
      this.#options.compiler,
      request,
      (message) => this.#log("message", JSON.stringify(message)),
    );
  }

  /** Changes the number of callers. */
  async setCallers(callers: number): Promise<void> {
    const load = this.#load;
    this.#load = callers === 0 ? undefined : new Load(this.#client, callers);
    await load?.[Symbol.asyncDispose]();
  }

  /** Kills the process, if there is one now. */
  kill(): void {
    if (!this.#isUp) return;
    try {
      Deno.kill(this.pid, "SIGKILL");
    } catch (error) {
      // It has just ended, and the client has not noticed yet.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  /** Returns what happened since the last sample. */
  sample(memoryMb: number | null): Sample {
    const { completed, failed, queued, restarts, latency } = this.#client.stats();
    const time = performance.now();
    const done = completed - this.#last.completed;
    const perSecond = done / ((time - this.#last.time) / 1000);
    this.#last = { time, completed };
    const { p50Us, p95Us, p99Us } = latency;
    return {
      id: this.info.id,
      pid: this.pid,
      perSecond,
      latencyMs: done === 0 ? null : [p50Us / 1000, p95Us / 1000, p99Us / 1000],
      queued,
      restarts,
      failed,
      memoryMb,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The callers' commands would otherwise go on until the client is closed.
    const ended = this.setCallers(0);
    await this.#client.close();
    await ended;
  }

  #log(level: string, text: string): void {
    this.#options.onLog({ id: this.info.id, level, text });
  }
}

/** Splits a line of `console` from the server's own. */
function toLogLine(id: string, level: string, message: string): LogLine {
  const [, method, text] = /^<console\.(\w+)>: (.*)$/s.exec(message) ?? [];
  return method === undefined ? { id, level, text: message } : { id, level: method, text: text! };
}

/** Returns the entry point of the module. It must be a file, which a published one is not. */
async function rendererEntry(folder: string): Promise<string | URL> {
  const renderer = new URL("./renderer.ts", import.meta.url);
  if (renderer.protocol === "file:") return renderer;
  const entry = join(folder, "renderer.ts");
  await Deno.writeTextFile(entry, `export * from ${JSON.stringify(renderer.href)};\n`);
  return entry;
}
