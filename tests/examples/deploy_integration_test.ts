import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { config, DRAIN_MS, PORT } from "../../examples/deploy/config.ts";
import { defaultConfig } from "../../mod.ts";
import { ROOT } from "../support/checkout.ts";
import { isRunning } from "../support/processes.ts";
import { stdoutOf } from "../support/run_to_end.ts";
import { until } from "../support/until.ts";
import { within } from "../support/within.ts";
import { checkFields, parseManifest, validate } from "./manifest.ts";
import type { ProjectCopy } from "./project_copy.ts";
import { COMMAND, copyDeployExample, DeployedSite, DOCKERFILE, inCopy } from "./deployed_site.ts";

const MIB = 1024 * 1024;

const manifest = await Deno.readTextFile(`${ROOT}/examples/deploy/kubernetes.yaml`);
const resources = parseManifest(manifest);
const [deployment, service, autoscaler] = resources;
const pod = deployment.spec.template.spec;
const [container] = pod.containers;

Deno.test("the Kubernetes manifest complies with the schemas of Kubernetes", () => {
  validate(resources);
  assertEquals(resources.map(({ kind }) => kind), [
    "Deployment",
    "Service",
    "HorizontalPodAutoscaler",
  ]);
  const wrong = parseManifest(manifest.replace("containerPort: 8000", "containerPort: http"));
  assertThrows(() => validate(wrong), Error, "containerPort");
});

Deno.test("the Kubernetes manifest has no field that Kubernetes does not know", async () => {
  await stdoutOf(checkFields(resources));
  const wrong = parseManifest(manifest.replace("readOnlyRootFilesystem", "readonlyRootFilesystem"));
  assertStringIncludes((await checkFields(wrong)).stderr, "readonlyRootFilesystem");
});

Deno.test("the Kubernetes manifest fits the configuration, the image and the README's sizes", async () => {
  const { nThreads, maxMemoryBytes, socketDir } = config;
  const { requests, limits } = container.resources;
  const readme = await Deno.readTextFile(`${ROOT}/README.md`);
  const row = new RegExp(`^\\| ${nThreads} +\\| (\\d+) MB`, "m").exec(readme);
  const serverMiB = Number(row?.[1]);
  assertEquals(requests.cpu, String(nThreads));
  // The program itself takes less than 128 MiB.
  assert(mebibytes(requests.memory) >= serverMiB + 128);
  assert(mebibytes(limits.memory) >= maxMemoryBytes! / MIB + 128);

  const seconds = (DRAIN_MS + defaultConfig().timeoutUs / 1000) / 1000;
  assert(pod.terminationGracePeriodSeconds > seconds + 5);

  const [user] = DOCKERFILE.getInstructions().filter((line) => line.getKeyword() === "USER");
  assertEquals(user?.getArgumentsContent(), `${pod.securityContext.runAsUser}:65532`);
  const [exposed] = DOCKERFILE.getInstructions().filter((line) => line.getKeyword() === "EXPOSE");
  assertEquals(exposed?.getArgumentsContent(), String(PORT));
  assertEquals(container.ports, [{ name: "http", containerPort: PORT }]);
  assertEquals(service.spec.selector, deployment.spec.template.metadata.labels);
  assertEquals(autoscaler.spec.scaleTargetRef.name, deployment.metadata.name);

  const [{ name, mountPath }] = container.volumeMounts;
  assert(socketDir!.startsWith(`${mountPath}/`));
  assertEquals(pod.volumes.map((volume: { name: string }) => volume.name), [name]);
});

Deno.test("the deployed site", async (t) => {
  const reported = Promise.withResolvers<string>();
  await using collector = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const text = await request.text();
      if (text.includes("jsockd.client.commands.queued")) reported.resolve(text);
      return Response.json({});
    },
  );
  await using copy = await copyDeployExample();

  await t.step("is built, and its types are right", async () => {
    await copy.deno(["check", "main.ts", "build.ts", "site.tsx"]);
    await slowDown(copy);
    // As in the Dockerfile.
    await copy.deno(["run", "-A", "build.ts"]);
    await copy.deno(["cache", "main.ts"]);
    await Deno.remove(copy.path("built/module.privkey"));
  });

  await t.step("has the flags that permissionFlags() gives, and three of its own", async () => {
    const program = `
      import { permissionFlags } from "@x/jsockd";
      import { config, server } from "./config.ts";
      console.log(JSON.stringify(permissionFlags(config, server)));
    `;
    await Deno.writeTextFile(copy.path("flags.ts"), program);
    const flags = JSON.parse(
      await copy.deno(["run", "--no-prompt", "--allow-env=DENO_DIR", "flags.ts"]),
    );
    assertEquals(COMMAND.filter((word) => word.startsWith("--allow")).map((f) => inCopy(copy, f)), [
      ...flags,
      inCopy(copy, `--allow-net=0.0.0.0:${PORT}`),
      inCopy(copy, "--allow-read=/app/built"),
      "--allow-env=DENO_DIR",
    ]);
  });

  await using site = await DeployedSite.start(copy, {
    ...environment(),
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.addr.port}`,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_METRIC_EXPORT_INTERVAL: "100",
  });
  const { readinessProbe, livenessProbe } = container;
  const status = async ({ httpGet }: { httpGet: { path: string } }) => {
    const response = await fetch(site.url(httpGet.path));
    await response.body?.cancel();
    return response.status;
  };
  const becomesReady = async () => {
    while (await status(readinessProbe) !== 200);
  };

  await t.step("renders its page", async () => {
    await within(becomesReady(), "readiness");
    const response = await fetch(site.url("/"));
    assertEquals(response.headers.get("content-type"), "text/html; charset=utf-8");
    const html = await response.text();
    assertMatch(html, /^<!DOCTYPE html><html lang="en">.*<li>Villette is short &amp; sweet/);
    const attack = await fetch(site.url("/?book=%3Cscript%3E"));
    assertStringIncludes(await attack.text(), "<h1>&lt;script&gt;</h1>");
    assertEquals(await status({ httpGet: { path: "/nowhere" } }), 404);
  });

  await t.step("exports the metric by which it is scaled", async () => {
    const report = JSON.parse(await within(reported.promise, "the metrics"));
    // deno-lint-ignore no-explicit-any -- the metrics of all scopes
    const metrics = report.resourceMetrics.flatMap((resource: any) => resource.scopeMetrics)
      // deno-lint-ignore no-explicit-any
      .flatMap((scope: any) => scope.metrics);
    const names = metrics.map(prometheusName);
    const [{ pods }] = autoscaler.spec.metrics;
    assert(names.includes(pods.metric.name), names.join());
  });

  await t.step(
    "is alive when its server is killed, loses no request, and is ready again",
    async () => {
      const [server] = await children(site.pid);
      assert(server !== undefined);
      const load = new Load(site);
      await load.has(50);
      Deno.kill(server, "SIGKILL");
      assertEquals(await status(livenessProbe), 200);
      await within(becomesReady(), "readiness");
      assertEquals(await status(livenessProbe), 200);
      assertEquals(new Set(await load.end()), new Set([200]));
      assertEquals(isRunning(server), false);
    },
  );

  await t.step("loses no request when it gets SIGTERM, and exits with 0", async () => {
    const load = new Load(site);
    await load.has(50);
    const late = fetch(site.url("/?book=late"));
    await until(() => site.log.includes("A late request"), "the late request");
    await within(becomesReady(), "readiness");
    const [server] = await children(site.pid);

    site.terminate();
    const becomesUnready = async () => {
      while (await status(readinessProbe) !== 503);
    };
    await within(becomesUnready(), "the end of readiness");
    // Requests that come before a load balancer has noticed.
    await load.has(load.count + 50);
    const { draining } = await (await fetch(site.url(readinessProbe.httpGet.path))).json();
    assertEquals(draining, true);
    assertEquals(await status(livenessProbe), 200);
    assertEquals(new Set(await load.end()), new Set([200]));

    await within(refuses(site), "the end of the listener");
    await Deno.writeTextFile(copy.path(DATA), "[]");
    const response = await within(late, "the late response");
    assertEquals(response.status, 200, site.log);
    assertStringIncludes(await response.text(), "<h1>late</h1>");
    assertEquals(await site.exit(), 0, site.log);
    assertEquals(isRunning(server!), false);
  });
});

/** The file that the data of a late request is in. The site may read nothing but its folder. */
const DATA = "built/late.json";

/** Has the request for the book "late" wait until its data is there. */
async function slowDown(copy: ProjectCopy): Promise<void> {
  const source = `
    export async function loadReviews(book: string): Promise<readonly string[]> {
      if (book !== "late") return [\`\${book} is short & sweet.\`];
      console.error("A late request");
      while (true) {
        try {
          return JSON.parse(await Deno.readTextFile(\`\${import.meta.dirname}/${DATA}\`));
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      }
    }
  `;
  await Deno.writeTextFile(copy.path("data.ts"), source);
}

/** Callers that send one request after the other. */
class Load {
  readonly #end = new AbortController();
  readonly #statuses: number[] = [];
  readonly #callers: Promise<void[]>;

  constructor(site: DeployedSite) {
    this.#callers = Promise.all(Array.from({ length: 8 }, () => this.#call(site)));
  }

  /** The number of responses so far. */
  get count(): number {
    return this.#statuses.length;
  }

  /** Resolves when there are this many responses. */
  async has(count: number): Promise<void> {
    const wait = async () => {
      while (this.count < count) await new Promise((resolve) => setTimeout(resolve, 1));
    };
    await within(Promise.race([wait(), this.#callers]), `${count} responses`);
  }

  /** Resolves to the status of every request; 0 is none. */
  async end(): Promise<number[]> {
    this.#end.abort();
    await this.#callers;
    return this.#statuses;
  }

  async #call(site: DeployedSite): Promise<void> {
    while (!this.#end.signal.aborted) {
      try {
        const response = await fetch(site.url("/"));
        await response.text();
        this.#statuses.push(response.status);
      } catch {
        this.#statuses.push(0);
      }
    }
  }
}

/** Resolves when nobody listens on the port. */
async function refuses(site: DeployedSite): Promise<void> {
  while (true) {
    try {
      (await Deno.connect({ port: site.port })).close();
    } catch (error) {
      if (error instanceof Deno.errors.ConnectionRefused) return;
      throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Returns the IDs of the processes that a process has started. */
async function children(pid: number): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-A", "-o", "pid=,ppid="] }).output();
  return new TextDecoder().decode(stdout).trim().split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid).map(([child]) => child!);
}

/** Returns the name that Prometheus gives to a gauge, by OpenTelemetry's rules. */
function prometheusName({ name, unit }: { name: string; unit: string }): string {
  return [name, ...unit.startsWith("{") ? [] : [unit]].join("_").replaceAll(".", "_");
}

/** Returns the variables that the manifest sets to a value. */
function environment(): Record<string, string> {
  const variables: { name: string; value?: string }[] = container.env;
  return Object.fromEntries(variables.flatMap(({ name, value }) => value ? [[name, value]] : []));
}

function mebibytes(quantity: string): number {
  const match = /^(\d+)Mi$/.exec(quantity);
  assert(match !== null, quantity);
  return Number(match[1]);
}
