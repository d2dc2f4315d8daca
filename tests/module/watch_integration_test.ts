import { assertEquals, assertInstanceOf, assertRejects, assertStringIncludes } from "@std/assert";
import { JSockDClientError } from "../../mod.ts";
import { type BuiltModule, watchModule, type WatchModuleOptions } from "../../src/module/mod.ts";
import { servers, type TestServer } from "../conformance/servers.ts";
import { until } from "../support/until.ts";
import { within } from "../support/within.ts";
import { Project, start } from "./project.ts";
import { StalledHost } from "./stalled_host.ts";

const [embedded] = servers;

/** The calls of a watcher's callbacks, in order. */
class Events {
  readonly #events: (BuiltModule | Error)[] = [];
  #arrived = Promise.withResolvers<void>();

  readonly onBuild = (module: BuiltModule): void => this.#add(module);
  readonly onError = (error: unknown): void => this.#add(error as Error);

  /** The number of calls that `next()` has not returned yet. */
  get left(): number {
    return this.#events.length;
  }

  async next(): Promise<BuiltModule | Error> {
    while (this.#events.length === 0) {
      await within(this.#arrived.promise, "a build");
      this.#arrived = Promise.withResolvers();
    }
    return this.#events.shift()!;
  }

  async nextError(): Promise<string> {
    const error = await this.next();
    assertInstanceOf(error, JSockDClientError);
    return error.message;
  }

  #add(event: BuiltModule | Error): void {
    this.#events.push(event);
    this.#arrived.resolve();
  }
}

function watchOptions(project: Project, { command }: TestServer, events: Events) {
  return {
    entry: project.path("main.ts"),
    outDir: project.outDir,
    jsockdExec: command,
    onBuild: events.onBuild,
    onError: events.onError,
  } satisfies Partial<WatchModuleOptions>;
}

/** Waits until another watcher has noticed two later changes, so that any watcher had the time. */
async function letWatchersNotice(project: Project): Promise<void> {
  const change = () => project.write("other.ts", `export default "${crypto.randomUUID()}";`);
  await change();
  const events = new Events();
  await using _watcher = await watchModule({
    ...watchOptions(project, embedded!, events),
    entry: project.path("other.ts"),
    client: { reload: () => Promise.resolve() },
  });
  await events.next();
  for (let i = 0; i < 2; i++) {
    await change();
    await events.next();
  }
}

const RESULT = "(module) => module.result()";

for (const server of servers) {
  Deno.test(`${server.name}: watchModule() reloads the client when a source changes`, async () => {
    await using project = await Project.make({
      "main.ts": `import { text } from "./lib/text.ts"; export const result = () => text;`,
      "lib/text.ts": `export const text = "first";`,
    });
    const built = await project.build(server);
    await using client = await start(server, built);
    const events = new Events();
    await using _watcher = await watchModule({ client, ...watchOptions(project, server, events) });
    const { pid } = client;

    await project.write("lib/text.ts", `export const text = "second";`);
    const second = await events.next();
    assertEquals(await client.run(RESULT), "second");
    assertEquals(client.pid === pid, false);
    assertEquals(second, await project.build(server));

    await Deno.writeTextFile(project.path("lib/text.ts"), `export const text = "third";`);
    // Without a rename, the watcher may see the file while it is empty.
    while (await client.run(RESULT) !== "third") await events.next();
  });
}

Deno.test("watchModule() reports errors once and keeps the running build when the sources are broken", async () => {
  await using project = await Project.make({ "main.ts": "export const result = () => 1;" });
  await using client = await start(embedded!, await project.build(embedded!));
  const events = new Events();
  await using _watcher = await watchModule({ client, ...watchOptions(project, embedded!, events) });

  await project.write("main.ts", "export const result = ;");
  assertStringIncludes(await events.nextError(), "main.ts:1:23: Unexpected");
  await project.write("main.ts", "export const result = ;");
  await letWatchersNotice(project);
  assertEquals(events.left, 0);
  await project.write("main.ts", `export { result } from "./new/folder/other.ts";`);
  assertStringIncludes(await events.nextError(), "main.ts:1:24: Cannot find");
  assertEquals(await client.run(RESULT), 1);

  // Neither the folder nor the file existed when the watcher started.
  await project.write("new/unimportant", "");
  await project.write("new/folder/unimportant", "");
  await project.write("new/folder/other.ts", "export const result = () => 2;");
  assertEquals(await events.next() instanceof Error, false);
  assertEquals(await client.run(RESULT), 2);
  assertEquals(events.left, 0);
});

Deno.test("watchModule() keeps the build of the running server when reloading fails", async () => {
  await using project = await Project.make({ "main.ts": "export const result = () => 0;" });
  const built = await project.build(embedded!);
  await using client = await start(embedded!, built);
  const events = new Events();
  const refusal = new Error("no server today");
  const broken = { reload: () => Promise.reject(refusal) };
  await using _watcher = await watchModule({
    ...watchOptions(project, embedded!, events),
    client: broken,
  });
  for (let i = 1; i <= 5; i++) {
    await project.write("main.ts", `export const result = () => ${i};`);
    assertEquals(await events.next(), refusal);
  }
  await Deno.stat(built.bytecodeModuleFile);
  const { pid } = client;
  Deno.kill(pid, "SIGKILL");
  await until(() => client.pid !== pid, "another server");
  assertEquals(await client.run(RESULT), 0);
});

Deno.test("watchModule() builds at once when a source has changed before", async () => {
  await using project = await Project.make({ "main.ts": "export const result = () => 1;" });
  await using client = await start(embedded!, await project.build(embedded!));
  await project.write("main.ts", "export const result = () => 2;");
  const events = new Events();
  await using _watcher = await watchModule({ client, ...watchOptions(project, embedded!, events) });
  assertEquals(events.left, 1);
  assertEquals(await client.run(RESULT), 2);
});

Deno.test("watchModule() builds again when deno.json changes", async () => {
  await using project = await Project.make({
    "deno.json": `{ "imports": { "text": "./one.ts" } }`,
    "main.ts": `import text from "text"; export const result = () => text;`,
    "one.ts": "export default 1;",
    "two.ts": "export default 2;",
  });
  await using client = await start(embedded!, await project.build(embedded!));
  const events = new Events();
  await using _watcher = await watchModule({ client, ...watchOptions(project, embedded!, events) });
  await project.write("deno.json", `{ "imports": { "text": "./two.ts" } }`);
  await events.next();
  assertEquals(await client.run(RESULT), 2);
});

Deno.test("watchModule() keeps watching when a file takes the place of a folder", async () => {
  await using project = await Project.make({
    "main.ts": `export { result } from "./lib/result.ts";`,
    "lib/result.ts": "export const result = () => 1;",
  });
  await using client = await start(embedded!, await project.build(embedded!));
  const events = new Events();
  await using _watcher = await watchModule({ client, ...watchOptions(project, embedded!, events) });
  await Deno.remove(project.path("lib"), { recursive: true });
  assertStringIncludes(await events.nextError(), "Cannot find");

  await project.write("lib", "");
  await project.write("main.ts", `\nexport { result } from "./lib/result.ts";`);
  assertStringIncludes(await events.nextError(), "main.ts:2:24: ");

  await Deno.remove(project.path("lib"));
  await project.write("lib/result.ts", "export const result = () => 2;");
  assertEquals(await events.next() instanceof Error, false);
  assertEquals(await client.run(RESULT), 2);
});

Deno.test("watchModule() stops when its signal aborts", async () => {
  await using project = await Project.make({ "main.ts": "export const result = () => 1;" });
  await using client = await start(embedded!, await project.build(embedded!));
  const events = new Events();
  const controller = new AbortController();
  const options = {
    client,
    ...watchOptions(project, embedded!, events),
    signal: controller.signal,
  };
  await using _watcher = await watchModule(options);
  // The watcher checks the sources once more after it has started.
  await letWatchersNotice(project);
  const reason = new Error("no longer wanted");
  controller.abort(reason);
  await project.write("main.ts", "export const result = () => 2;");
  await letWatchersNotice(project);
  assertEquals(await client.run(RESULT), 1);
  assertEquals(await assertRejects(() => watchModule(options)), reason);
  assertEquals(events.left, 0);
});

Deno.test("watchModule() rejects at once when its signal aborts while it builds first", async () => {
  await using host = new StalledHost();
  await using project = await Project.make({ "main.ts": `import "${host.url}";` });
  const events = new Events();
  const controller = new AbortController();
  const options = watchOptions(project, embedded!, events);
  const client = { reload: () => Promise.reject(new Error("There is no server")) };
  const rejected = assertRejects(() =>
    watchModule({ ...options, client, signal: controller.signal })
  );
  await within(host.requested, "the request for the module");
  const reason = new Error("no longer wanted");
  controller.abort(reason);
  assertEquals(await within(rejected, "the end of the watcher"), reason);
  assertEquals(events.left, 0);
});

Deno.test("watchModule() stops at once when it is disposed while it builds", async () => {
  await using host = new StalledHost();
  await using project = await Project.make({ "main.ts": "export const result = () => 1;" });
  await using client = await start(embedded!, await project.build(embedded!));
  const events = new Events();
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.use(await watchModule({ client, ...watchOptions(project, embedded!, events) }));
  await project.write("main.ts", `import "${host.url}";`);
  await within(host.requested, "the request for the module");
  await within(cleanUp.disposeAsync(), "the end of the watcher");
  assertEquals(events.left, 0);
});
