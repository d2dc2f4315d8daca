import { TextLineStream } from "@std/streams/text-line-stream";
import { ProjectCopy } from "../examples/project_copy.ts";
import { readJson } from "../support/checkout.ts";
import { within } from "../support/within.ts";

/** Copies the example, with stand-ins for Fresh, which is not in the npm registry. */
export async function copyExample(): Promise<ProjectCopy> {
  const { imports, compilerOptions } = await readJson("examples/fresh/deno.json");
  return await ProjectCopy.make(["examples/fresh", "tests/fresh/stand_in"], {
    imports: {
      "@x/jsockd": imports["@x/jsockd"],
      "fresh": "./fresh_app.mts",
      "fresh/dev": "./fresh_dev.mts",
      "preact": imports.preact,
      "preact-render-to-string": "npm:preact-render-to-string@^6.6.3",
    },
    compilerOptions,
  });
}

/** The example's application, served by a process of its own as while developing. */
export class RunningExample implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  /** The address of the page. */
  readonly url: string;

  private constructor(child: Deno.ChildProcess, port: string) {
    this.#child = child;
    this.url = `http://localhost:${port}/`;
  }

  /** Starts `dev.ts`. */
  static async start(copy: ProjectCopy): Promise<RunningExample> {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "dev.ts"],
      cwd: copy.path(),
      env: { NO_COLOR: "1" },
      stdout: "piped",
    }).spawn();
    const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(
      new TextLineStream(),
    );
    const reader = lines.getReader();
    try {
      const { value = "" } = await within(reader.read(), "the start of the example", 120_000);
      return new RunningExample(child, value);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    } finally {
      await reader.cancel();
    }
  }

  /** Loads the page. */
  async page(): Promise<string> {
    return await (await fetch(this.url)).text();
  }

  /** Sends a signal, and resolves to the exit code. */
  async end(signal: Deno.Signal): Promise<number> {
    this.#child.kill(signal);
    return (await this.#child.status).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#child.status;
  }
}
