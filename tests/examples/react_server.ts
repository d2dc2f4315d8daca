import { TextLineStream } from "@std/streams/text-line-stream";
import { ROOT } from "../support/checkout.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { within } from "../support/within.ts";

/** Starts the example as its README says. */
const COMMAND = ["task", "example:react"];

/** The React example in a process of its own. */
export class ReactServer implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #folder: TempFolder;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #logEnded: Promise<void>;
  #url = "";
  #log = "";
  #hasEnded = false;

  private constructor(args: readonly string[], cwd: string, folder: TempFolder) {
    this.#folder = folder;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [...args, "--port", "0", "--out", folder.path],
      cwd,
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream()).getReader();
    this.#logEnded = this.#readLog();
    this.#child.status.then(() => this.#hasEnded = true);
  }

  /** Starts it in the checkout, and waits until it serves. */
  static async start(...args: string[]): Promise<ReactServer> {
    return await ReactServer.startIn(ROOT, [...COMMAND, ...args]);
  }

  /** Starts it by Deno's arguments in another folder, and waits until it serves. */
  static async startIn(cwd: string, args: readonly string[]): Promise<ReactServer> {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(await TempFolder.make());
    const server = stack.use(new ReactServer(args, cwd, folder));
    [server.#url] = await server.line(/http:\S+/);
    stack.move();
    return server;
  }

  /** Where a path is served. */
  url(path: string): string {
    return new URL(path, this.#url).href;
  }

  /** Waits for a line on stdout that matches, of those not read yet. */
  async line(pattern: RegExp): Promise<RegExpExecArray> {
    return await within(this.#line(pattern), `a line that matches ${pattern}`);
  }

  /** What it has written to stderr so far. */
  get log(): string {
    return this.#log;
  }

  /** Asks it to end, waits for the end of it, and gives its exit code. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<number> {
    if (!this.#hasEnded) this.#child.kill(signal);
    const { code } = await within(this.#child.status, "the server's end");
    await this.#logEnded;
    await this.#lines.cancel();
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.#folder[Symbol.asyncDispose]();
  }

  async #line(pattern: RegExp): Promise<RegExpExecArray> {
    while (true) {
      const { value, done } = await this.#lines.read();
      if (done) throw new Error(`Cannot find ${pattern}; on stderr there was:\n${this.#log}`);
      const match = pattern.exec(value);
      if (match !== null) return match;
    }
  }

  async #readLog(): Promise<void> {
    for await (const text of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
      this.#log += text;
    }
  }
}
