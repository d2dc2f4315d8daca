import { TextLineStream } from "@std/streams/text-line-stream";
import { TempFolder } from "../support/temp_folder.ts";
import { within } from "../support/within.ts";

const ROOT = new URL("../../", import.meta.url);

/** The React example in a process of its own, started as its README says. */
export class ReactServer implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #folder: TempFolder;
  readonly #url = Promise.withResolvers<string>();
  readonly #outputEnded: Promise<unknown>;
  #log = "";
  #stopping = false;

  private constructor(args: readonly string[], folder: TempFolder) {
    this.#folder = folder;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["task", "example:react", "--port", "0", "--out", folder.path, ...args],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#outputEnded = Promise.all([this.#readStdout(), this.#readStderr()]);
  }

  /** Starts it and waits until it serves. */
  static async start(...args: string[]): Promise<ReactServer> {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(await TempFolder.make());
    const server = stack.use(new ReactServer(args, folder));
    await within(server.#url.promise, "the server");
    stack.move();
    return server;
  }

  /** Where a path is served. */
  async url(path: string): Promise<string> {
    return new URL(path, await this.#url.promise).href;
  }

  /** What it has written to stderr so far. */
  get log(): string {
    return this.#log;
  }

  /** Asks it to end, waits for the end of it, and gives its exit code. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<number> {
    if (!this.#stopping) this.#child.kill(signal);
    this.#stopping = true;
    const { code } = await within(this.#child.status, "the server's end");
    await this.#outputEnded;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.#folder[Symbol.asyncDispose]();
  }

  async #readStdout(): Promise<void> {
    const lines = this.#child.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    for await (const line of lines) {
      const [url] = /http:\S+/.exec(line) ?? [];
      if (url !== undefined) this.#url.resolve(url);
    }
    this.#url.reject(new Error(`Cannot find a URL in what the server wrote:\n${this.#log}`));
  }

  async #readStderr(): Promise<void> {
    for await (const text of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
      this.#log += text;
    }
  }
}
