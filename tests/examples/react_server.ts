import { TextLineStream } from "@std/streams/text-line-stream";
import { ROOT } from "../support/checkout.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { within } from "../support/within.ts";

/** Deno's arguments to start the example, as in its README. */
const COMMAND = ["task", "example:react"];

/** The React example in a child process. */
export class ReactServer implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #folder: TempFolder;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #logEnded: Promise<void>;
  #renderer = "";
  #url = "";
  #log = "";
  #hasExited = false;

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
    this.#child.status.then(() => this.#hasExited = true);
  }

  /** Starts the example in the checkout. Resolves when it serves. */
  static async start(...args: string[]): Promise<ReactServer> {
    return await ReactServer.startIn(ROOT, [...COMMAND, ...args]);
  }

  /**
   * Starts the example in another folder, with these arguments of Deno. Resolves when it serves.
   */
  static async startIn(cwd: string, args: readonly string[]): Promise<ReactServer> {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(await TempFolder.make());
    const server = stack.use(new ReactServer(args, cwd, folder));
    [, server.#renderer = ""] = await server.line(/^Rendering on (.+) …$/);
    [server.#url] = await server.line(/http:\S+/);
    stack.move();
    return server;
  }

  /** What renders the pages, as the example says when it starts. */
  get renderer(): string {
    return this.#renderer;
  }

  /** Returns the URL of a path. */
  url(path: string): string {
    return new URL(path, this.#url).href;
  }

  /** Resolves to the next match in a line on stdout. */
  async line(pattern: RegExp): Promise<RegExpExecArray> {
    return await within(this.#line(pattern), `a line that matches ${pattern}`);
  }

  /** The text on stderr so far. */
  get log(): string {
    return this.#log;
  }

  /** Sends a signal to the process, waits until it exits, and returns the exit code. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<number> {
    if (!this.#hasExited) this.#child.kill(signal);
    const { code } = await within(this.#child.status, "the server's exit");
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
