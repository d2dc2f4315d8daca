import { TextLineStream } from "@std/streams/text-line-stream";
import { DockerfileParser } from "dockerfile-ast";
import { DENO_DIR } from "../support/deno_dir.ts";
import { readJson, ROOT } from "../support/checkout.ts";
import { within } from "../support/within.ts";
import { ProjectCopy } from "./project_copy.ts";

/** The example's Dockerfile. */
export const DOCKERFILE = DockerfileParser.parse(
  await Deno.readTextFile(`${ROOT}/examples/deploy/Dockerfile`),
);

/** The arguments of Deno in the image. */
export const COMMAND: readonly string[] = DOCKERFILE.getCMDs()[0]!.getJSONStrings()
  .map((argument) => JSON.parse(argument.getValue()));

/**
 * Copies the example. Where the image has fixed paths and a fixed port, the copy has its own.
 */
export async function copyDeployExample(): Promise<ProjectCopy> {
  await using stack = new AsyncDisposableStack();
  const config = await readJson("examples/deploy/deno.json");
  const copy = stack.use(await ProjectCopy.make(["examples/deploy"], config));
  const file = copy.path("config.ts");
  const source = inCopy(copy, await Deno.readTextFile(file));
  // Room for a slow machine.
  await Deno.writeTextFile(file, source.replace("DRAIN_MS = 5_000", "DRAIN_MS = 10_000"));
  stack.move();
  return copy;
}

/** Replaces the paths and the port of the image by those of the copy. */
export function inCopy(copy: ProjectCopy, text: string): string {
  return text.replaceAll("/tmp/jsockd", copy.path("sockets")).replaceAll("8000", "0")
    .replaceAll("/app/built", copy.path("built")).replaceAll("/bin/deno", Deno.execPath());
}

/** The example in a process, with the very flags of the image. */
export class DeployedSite implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #logEnded: Promise<void>;
  #log = "";
  #port = 0;

  private constructor(copy: ProjectCopy, env: Readonly<Record<string, string>>) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: COMMAND.map((argument) => inCopy(copy, argument)),
      cwd: copy.path(),
      clearEnv: true,
      env: { DENO_DIR, NO_COLOR: "1", ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    // Deno prints the address on stderr.
    const [first, second] = this.#child.stderr.tee();
    this.#lines = first.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
      .getReader();
    this.#logEnded = this.#readLog(second);
  }

  /** Starts the site from a copy in which the module is built. Resolves when it listens. */
  static async start(
    copy: ProjectCopy,
    env: Readonly<Record<string, string>> = {},
  ): Promise<DeployedSite> {
    await using stack = new AsyncDisposableStack();
    const site = stack.use(new DeployedSite(copy, env));
    site.#port = await within(site.#readPort(), "the site's address");
    stack.move();
    return site;
  }

  /** The ID of its process. */
  get pid(): number {
    return this.#child.pid;
  }

  /** The port that it listens on. */
  get port(): number {
    return this.#port;
  }

  /** Its log so far. */
  get log(): string {
    return this.#log;
  }

  /** Returns the URL of a path. */
  url(path: string): string {
    return `http://127.0.0.1:${this.#port}${path}`;
  }

  /** Sends SIGTERM, as Kubernetes does. */
  terminate(): void {
    this.#child.kill("SIGTERM");
  }

  /** Resolves to the exit code. */
  async exit(): Promise<number> {
    const { code } = await within(this.#child.status, "the site's exit");
    await this.#logEnded;
    await this.#lines.cancel();
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      // After a failed test, a request may be left that never ends.
      this.#child.kill("SIGKILL");
    } catch {
      // It has exited.
    }
    await this.#child.stdout.cancel().catch(() => {});
    await this.exit();
  }

  async #readPort(): Promise<number> {
    while (true) {
      const { value, done } = await this.#lines.read();
      if (done) throw new Error(`The site does not listen; its log:\n${this.#log}`);
      const port = /^Listening on .*:(\d+)\//.exec(value)?.[1];
      if (port !== undefined) return Number(port);
    }
  }

  async #readLog(stream: ReadableStream<BufferSource>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) this.#log += text;
  }
}
