import { TextLineStream } from "@std/streams/text-line-stream";
import { programArguments } from "../common/program_arguments.ts";
import type { Compilation } from "./compiler_process.ts";

// Never called. Because of this import, Deno caches the program together with this file.
const _program = () => import("./compiler_process.ts");

/**
 * Compiles TSX in a process of its own, in which esbuild cannot interfere with another use of it
 * in the caller's program. Disposing ends the process.
 */
export class Compiler implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #sources: WritableStreamDefaultWriter<string>;
  readonly #compilations: ReadableStreamDefaultReader<string>;
  #sent: Promise<unknown>;
  /** The compilation that was asked for last. Each waits for the one before it. */
  #last: Promise<unknown> = Promise.resolve();

  /** Starts the process. */
  constructor() {
    const program = new URL("./compiler_process.ts", import.meta.url);
    this.#child = new Deno.Command(Deno.execPath(), {
      args: programArguments(program, ["--allow-read", "--allow-env", "--allow-run"]),
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const input = new TextEncoderStream();
    this.#sent = input.readable.pipeTo(this.#child.stdin).catch(() => {});
    this.#sources = input.writable.getWriter();
    this.#compilations = this.#child.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream()).getReader();
  }

  /** Compiles the source of a module. */
  compile(source: string): Promise<Compilation> {
    const compilation = this.#last.then(() => this.#exchange(source));
    this.#last = compilation.catch(() => {});
    return compilation;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    await this.#sources.close().catch(() => {});
    await this.#sent;
    await this.#child.status;
    await this.#compilations.cancel();
  }

  async #exchange(source: string): Promise<Compilation> {
    await this.#sources.write(`${JSON.stringify(source)}\n`);
    const { value, done } = await this.#compilations.read();
    if (done) throw new Error("Cannot compile the program: the compiler's process has ended");
    return JSON.parse(value);
  }
}
