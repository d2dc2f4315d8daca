import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { DockerfileParser } from "dockerfile-ast";
import { toLines } from "../../src/server/lines.ts";
import { readJson, ROOT } from "../support/checkout.ts";
import { NatsServer, natsTest } from "../support/nats_server.ts";
import { childrenOf } from "../support/processes.ts";
import { stdoutOf } from "../support/run_to_end.ts";
import { within } from "../support/within.ts";
import { checkFields, parseManifest, validate } from "./manifest.ts";
import { ProjectCopy } from "./project_copy.ts";

const resources = parseManifest(await Deno.readTextFile(`${ROOT}/examples/deploy/farm.yaml`));
const objects = new Map(resources.map((each) => [`${each.kind} ${each.metadata.name}`, each]));

/** Returns the container of a Deployment in the manifest. */
function containerOf(deployment: string) {
  return objects.get(`Deployment ${deployment}`).spec.template.spec.containers[0];
}

Deno.test("the farm's manifest complies with Kubernetes, and has no field that it does not know", async () => {
  validate(resources);
  await stdoutOf(checkFields(resources));
  assertEquals([...objects.keys()], [
    "Deployment nats",
    "Service nats",
    "Deployment worker",
    "HorizontalPodAutoscaler worker",
    "Deployment web",
    "Service web",
  ]);
});

Deno.test("the farm's manifest fits its image, its program and itself", async () => {
  for (const name of ["nats", "web"]) {
    const { selector } = objects.get(`Service ${name}`).spec;
    assertEquals(selector, objects.get(`Deployment ${name}`).spec.template.metadata.labels);
  }
  const dockerfile = DockerfileParser.parse(
    await Deno.readTextFile(`${ROOT}/examples/farm/Dockerfile`),
  );
  const [exposed] = dockerfile.getInstructions().filter((line) => line.getKeyword() === "EXPOSE");
  assertEquals(containerOf("web").ports[0].containerPort, Number(exposed?.getArgumentsContent()));
  const { tasks } = await readJson("examples/farm/deno.json");
  // The worker of the README, whose permissions and number of threads the pod sets.
  const options = (words: string[]) => words.slice(words.indexOf("worker"));
  const task = options(tasks.worker.command.replaceAll(/(--\w+) (?!--)/g, "$1=").split(" "));
  const inPod = options(containerOf("worker").args);
  assertEquals(inPod.filter((word) => !/^--(nats|threads)=/.test(word)), task);
});

natsTest("the farm serves pages, and loses none when a worker is killed", async () => {
  await using nats = await NatsServer.start();
  const config = await readJson("examples/farm/deno.json");
  await using copy = await ProjectCopy.make(["examples/farm"], config);
  await copy.deno(["check", "web.ts", "pages.tsx"]);
  const environment = { NATS_URL: nats.url, PORT: "0", NO_COLOR: "1" };
  const reader = new Page();

  await using web = Task.start(copy, "web", environment);
  const [, port] = await web.line(/^Listening on http:\/\/.*:(\d+)\//);
  const url = `http://127.0.0.1:${port}/?book=%3CEmma%3E`;
  assertEquals((await reader.fetch(url)).status, 503);

  await using first = Task.start(copy, "worker", environment);
  await first.line(/^Worker \w+ takes commands on pages/);
  await using second = Task.start(copy, "worker", environment);
  await second.line(/^Worker \w+ takes commands on pages/);
  const { status, html } = await reader.fetch(url);
  assertEquals(status, 200);
  assertMatch(html, /^<!DOCTYPE html><html lang="en">.*<h1>&lt;Emma&gt;<\/h1>.*Short &amp; sweet/);

  const load = Promise.all(Array.from({ length: 200 }, () => reader.fetch(url)));
  await first.kill("SIGKILL");
  assertEquals(new Set((await load).map(({ status }) => status)), new Set([200]));

  // The names of metrics are those that the manifest scales by.
  const [{ pods }] = objects.get("HorizontalPodAutoscaler worker").spec.metrics;
  const telemetry = await Deno.readTextFile(`${ROOT}/src/telemetry/telemetry.ts`);
  assertStringIncludes(telemetry, `"${pods.metric.name.replaceAll("_", ".")}"`);

  await second.kill("SIGTERM");
  assertEquals((await reader.fetch(url)).status, 503);
  assertEquals(await web.kill("SIGTERM"), 0);
});

/** Fetches pages. */
class Page {
  async fetch(url: string): Promise<{ status: number; html: string }> {
    const response = await fetch(url);
    return { status: response.status, html: await response.text() };
  }
}

/** A task of the example in a process. */
class Task implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #log: string[] = [];

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    const { readable, writable } = new TransformStream<string, string>();
    const writer = writable.getWriter();
    this.#lines = readable.getReader();
    const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
      for await (const line of toLines(stream)) {
        this.#log.push(line);
        writer.write(line).catch(() => {});
      }
    };
    Promise.all([read(child.stdout), read(child.stderr)])
      .then(() => writer.close()).catch(() => {});
  }

  static start(copy: ProjectCopy, task: string, env: Readonly<Record<string, string>>): Task {
    return new Task(
      new Deno.Command(Deno.execPath(), {
        args: ["task", task],
        cwd: copy.path(),
        env: { ...env },
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn(),
    );
  }

  /** Resolves to the next match in its output. */
  async line(pattern: RegExp): Promise<RegExpExecArray> {
    return await within(this.#line(pattern), `a line that matches ${pattern}`, 60_000);
  }

  /** Sends a signal to the program, and resolves to its exit code. */
  async kill(signal: Deno.Signal): Promise<number> {
    const [program = this.#child.pid] = childrenOf(this.#child.pid);
    Deno.kill(program, signal);
    const { code } = await within(this.#child.status, "the end of a task");
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pid of [...childrenOf(this.#child.pid), this.#child.pid]) {
      try {
        Deno.kill(pid, "SIGKILL");
      } catch {
        // It has ended.
      }
    }
    await this.#child.status;
    await this.#lines.cancel();
  }

  async #line(pattern: RegExp): Promise<RegExpExecArray> {
    while (true) {
      const { value, done } = await this.#lines.read();
      if (done) throw new Error(`Cannot find ${pattern} in:\n${this.#log.join("\n")}`);
      const match = pattern.exec(value);
      if (match !== null) return match;
    }
  }
}
