import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { parse } from "@std/yaml/parse";
import manifest from "../../deno.json" with { type: "json" };
import { OLDEST_DENO } from "../../src/common/runtime_check.ts";
import { readJson, ROOT } from "../support/checkout.ts";
import { runDeno, stdoutOf } from "../support/run_to_end.ts";
import { TempFolder } from "../support/temp_folder.ts";

interface Workflow {
  readonly on: { readonly push: Readonly<Record<string, readonly string[]>> };
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly steps: readonly {
    readonly name?: string;
    readonly if?: string;
    readonly run?: string;
  }[];
}

const ci = await read("ci.yml");
const publish = await read("publish.yml");

/** The name of the step that lets tests use bubblewrap. */
const SANDBOXES = "Allow sandboxes";
/** The names of the steps that install nats-server. */
const NATS = { Linux: "Install nats-server on Linux", macOS: "Install nats-server on macOS" };

/** The steps that prepare the machine. */
const PREPARATIONS: readonly (string | undefined)[] = [SANDBOXES, ...Object.values(NATS)];

Deno.test("workflows run only 'deno publish' and tasks that exist, once the machine is prepared", () => {
  const commands = [ci, publish].flatMap(({ jobs }) => Object.values(jobs))
    .flatMap(({ steps }) => steps.filter(({ name }) => !PREPARATIONS.includes(name)))
    .map(({ run }) => run).filter((run) => run !== undefined);
  assert(commands.length > 0);
  for (const command of commands) {
    if (command === "deno publish --allow-dirty") continue;
    const task = /\bdeno task (?:--quiet )?([\w-]+)/.exec(command)?.[1];
    assert(task !== undefined && Object.hasOwn(manifest.tasks, task), `There is no '${command}'`);
  }
});

Deno.test("ci.yml tests on Linux and macOS, with the oldest and the latest Deno", () => {
  const { os, deno } = ci.jobs.test!.strategy!.matrix;
  assertEquals(os, ["ubuntu-latest", "macos-latest"]);
  assertEquals(deno, [`v${OLDEST_DENO}.0`, "v2.x"]);
});

Deno.test("ci.yml installs bubblewrap on Linux, and has tests of sandboxes fail where it cannot run", () => {
  const step = ci.jobs.test!.steps.find(({ name }) => name === SANDBOXES);
  assertEquals(step?.if, "runner.os == 'Linux'");
  assertMatch(step?.run ?? "", /apt-get install .*bubblewrap\n(?:.*\n)*echo "SANDBOX=required" >>/);
});

Deno.test("ci.yml installs nats-server on Linux and macOS", () => {
  for (const [os, name] of Object.entries(NATS)) {
    const step = ci.jobs.test!.steps.find((step) => step.name === name);
    assertEquals(step?.if, `runner.os == '${os}'`);
    assertMatch(step?.run ?? "", /^(sudo apt-get|brew) install .*nats-server$/);
  }
});

Deno.test("publish.yml publishes with provenance when a version tag is pushed", () => {
  assertEquals(publish.on.push, { tags: ["v*"] });
  assertEquals(publish.permissions, { contents: "read", "id-token": "write" });
  assertEquals(publish.jobs.publish!.steps.at(-1), { run: "deno publish --allow-dirty" });
});

Deno.test("use_jsr.ts removes only the links from deno.json", async () => {
  await using folder = await TempFolder.make();
  const [script, config] = [".ci/use_jsr.ts", "deno.json"].map((file) => join(folder.path, file));
  await Deno.mkdir(join(folder.path, ".ci"));
  await Deno.copyFile(join(ROOT, ".ci/use_jsr.ts"), script!);
  await Deno.copyFile(join(ROOT, "deno.json"), config!);
  const flags = ["--no-config", `--allow-read=${config}`, `--allow-write=${config}`];
  await stdoutOf(runDeno(["run", ...flags, script!]));
  await stdoutOf(runDeno(["fmt", "--check", config!]));
  // In a checkout where it has run before, there are none.
  const { links: _, ...rest } = await readJson("deno.json");
  assertEquals(JSON.parse(await Deno.readTextFile(config!)), rest);
});

async function read(name: string): Promise<Workflow> {
  return parse(await Deno.readTextFile(join(ROOT, ".github/workflows", name))) as Workflow;
}
