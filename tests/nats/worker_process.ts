import { embeddedServer } from "../../src/embedded/mod.ts";
import { buildModule } from "../../src/module/mod.ts";
import { toLines } from "../../src/server/lines.ts";
import { programCommand } from "../cli/program.ts";
import type { Command } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { within } from "../support/within.ts";

/** Far longer than a worker takes to start, even on a busy machine. */
const START_LIMIT_MS = 60_000;

const V8 = ["--embedded", "--engine", "v8"];

/** A folder with a built module. */
export class BuiltFolder implements AsyncDisposable {
  readonly #folder: TempFolder;

  private constructor(folder: TempFolder) {
    this.#folder = folder;
  }

  /** Builds {@linkcode ./module.ts}, or a module with another source. */
  static async build(source?: string): Promise<BuiltFolder> {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(await TempFolder.make());
    const entry = source === undefined
      ? new URL("./module.ts", import.meta.url)
      : `${folder.path}/entry.ts`;
    if (source !== undefined) await Deno.writeTextFile(entry, source);
    await buildModule({
      entry,
      outDir: `${folder.path}/built`,
      jsockdExec: embeddedServer({ engine: "v8" }),
    });
    stack.move();
    return new BuiltFolder(folder);
  }

  /** The path of the folder. */
  get path(): string {
    return `${this.#folder.path}/built`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]();
  }
}

/** How to start a worker. */
export interface WorkerOptions {
  /** The URL of its NATS server, or several. */
  readonly nats: string;
  readonly subject: string;
  /** The path of the folder with its module. Default: it has none. */
  readonly module?: string;
  /** The options that name its server. Default: the embedded one, on V8. */
  readonly server?: readonly string[];
  /** Further arguments of the command line. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** `jsockd worker` in a process. It is killed on disposal, if it has not ended. */
export class WorkerProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #ready = Promise.withResolvers<string>();
  readonly #outputEnded: Promise<unknown>;
  readonly #stderr: string[] = [];
  #line = "";

  private constructor([executable, ...args]: Command, options: Deno.CommandOptions) {
    this.#child = new Deno.Command(executable, {
      args: [...args],
      ...options,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#outputEnded = Promise.all([this.#readStdout(), this.#readStderr()]);
  }

  /** Starts a worker. Resolves when it takes commands. */
  static async start(
    { nats, subject, module, server = V8, args = [], env = {} }: WorkerOptions,
  ): Promise<WorkerProcess> {
    const command: Command = [
      ...programCommand(["-A"]),
      ...["worker", "--nats", nats, "--subject", subject],
      ...module === undefined ? [] : ["--module", module],
      ...[...server, "--threads", "1", "--timeout", "10000", ...args],
    ];
    return await WorkerProcess.startBy(command, { env: { ...env, NO_COLOR: "1" } });
  }

  /** Starts a worker by a command. Resolves when it takes commands. */
  static async startBy(command: Command, options: Deno.CommandOptions): Promise<WorkerProcess> {
    await using stack = new AsyncDisposableStack();
    const worker = stack.use(new WorkerProcess(command, options));
    worker.#line = await within(worker.#ready.promise, "a worker's start", START_LIMIT_MS);
    stack.move();
    return worker;
  }

  /** The line that it prints when it takes commands. */
  get line(): string {
    return this.#line;
  }

  /** The ID of its process. */
  get pid(): number {
    return this.#child.pid;
  }

  /** What it has written to stderr so far. */
  get stderr(): string {
    return this.#stderr.join("\n");
  }

  /** Sends it a signal. */
  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Resolves to its status when it has ended. */
  async exited(): Promise<Deno.CommandStatus> {
    const [status] = await within(
      Promise.all([this.#child.status, this.#outputEnded]),
      "a worker's end",
    );
    return status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.exited();
  }

  async #readStdout(): Promise<void> {
    for await (const line of toLines(this.#child.stdout)) this.#ready.resolve(line);
    this.#ready.reject(new Error(`The worker has ended:\n${this.stderr}`));
  }

  async #readStderr(): Promise<void> {
    for await (const line of toLines(this.#child.stderr)) this.#stderr.push(line);
  }
}

/** Workers that are killed with SIGKILL and replaced. */
export class Farm implements AsyncDisposable {
  readonly #options: WorkerOptions;
  #workers: WorkerProcess[] = [];

  private constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /** Starts a number of workers. */
  static async start(count: number, options: WorkerOptions): Promise<Farm> {
    await using stack = new AsyncDisposableStack();
    const farm = stack.use(new Farm(options));
    await Promise.all(Array.from({ length: count }, () => farm.add()));
    stack.move();
    return farm;
  }

  /** The workers, the oldest first. */
  get workers(): readonly WorkerProcess[] {
    return this.#workers;
  }

  /** Starts one more worker. */
  async add(): Promise<void> {
    this.#workers.push(await WorkerProcess.start(this.#options));
  }

  /** Takes the oldest worker out, which is then the caller's to dispose. */
  take(): WorkerProcess {
    return this.#workers.shift()!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const workers = this.#workers;
    this.#workers = [];
    await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()));
  }
}
