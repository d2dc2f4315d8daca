import { ProjectCopy } from "../examples/project_copy.ts";
import { readJson } from "../support/checkout.ts";
import { within } from "../support/within.ts";

/** Copies the example, with stand-ins for Fresh, which is not in the npm registry. */
export async function copyExample(): Promise<ProjectCopy> {
  await using stack = new AsyncDisposableStack();
  const { imports, compilerOptions } = await readJson("examples/fresh/deno.json");
  const copy = stack.use(
    await ProjectCopy.make(["examples/fresh", "tests/fresh/stand_in"], {
      imports: {
        "@x/jsockd": imports["@x/jsockd"],
        "@fresh/plugin-vite": "./fresh_vite.mts",
        "fresh": "./fresh_app.mts",
        "fresh/dev": "./fresh_dev.mts",
        "preact": imports.preact,
        "preact-render-to-string": "npm:preact-render-to-string@^6.6.3",
        "vite": imports.vite,
      },
      compilerOptions,
    }),
  );
  // Room for a slow machine.
  const main = await Deno.readTextFile(copy.path("main.ts"));
  const options = "{ config: { maxCommandRuntimeUs: 10_000_000 } }";
  await Deno.writeTextFile(copy.path("main.ts"), main.replace("jsockd()", `jsockd(${options})`));
  stack.move();
  return copy;
}

/** The example's application, served by a process of its own. */
export class RunningExample implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #ended: Promise<unknown>;
  #hasEnded = false;
  #log = "";
  #more = Promise.withResolvers<void>();
  #port = "";

  private constructor(copy: ProjectCopy, args: readonly string[]) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [...args],
      cwd: copy.path(),
      env: { NO_COLOR: "1" },
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const { stdout, stderr } = this.#child;
    this.#ended = Promise.all([this.#read(stdout), this.#read(stderr)]).then(() => {
      this.#hasEnded = true;
      this.#more.resolve();
    });
  }

  /** Runs Deno with the arguments of one of the example's tasks. */
  static async start(copy: ProjectCopy, args: readonly string[]): Promise<RunningExample> {
    await using stack = new AsyncDisposableStack();
    const example = stack.use(new RunningExample(copy, args));
    // The stand-ins print the port, and 'deno serve' prints the address.
    [, , example.#port = ""] = await example.output(/^(.*Listening on .*:)?(\d+)\/?$/m);
    stack.move();
    return example;
  }

  /** The address of the page. */
  get url(): string {
    return `http://localhost:${this.#port}/`;
  }

  /** Resolves to the first match in its output, once it is there. */
  async output(pattern: RegExp): Promise<RegExpExecArray> {
    return await within(this.#find(pattern), `output that matches ${pattern}`, 120_000);
  }

  /** Loads the page. */
  async page(): Promise<string> {
    return await (await fetch(this.url)).text();
  }

  /** Sends a signal, and resolves to the exit code. */
  async end(signal: Deno.Signal): Promise<number> {
    this.#child.kill(signal);
    return (await within(this.#child.status, `the end of the example at ${signal}`)).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#child.status;
    await this.#ended;
  }

  async #find(pattern: RegExp): Promise<RegExpExecArray> {
    while (true) {
      const match = pattern.exec(this.#log);
      if (match !== null) return match;
      if (this.#hasEnded) throw new Error(`The example has ended, after this output: ${this.#log}`);
      await this.#more.promise;
    }
  }

  async #read(stream: ReadableStream<BufferSource>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      this.#log += text;
      this.#more.resolve();
      this.#more = Promise.withResolvers();
    }
  }
}
