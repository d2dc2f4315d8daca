import { getEventListeners } from "node:events";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { toFileUrl } from "@std/path";
import { JSockDClientError } from "../../mod.ts";
import {
  buildModule,
  type BuildModuleOptions,
  watchModule,
  type WatchModuleOptions,
} from "../../src/module/mod.ts";
import { identifyServer } from "../../src/module/server_identity.ts";
import { servers } from "../conformance/servers.ts";
import { Project } from "./project.ts";

const [embedded] = servers;
assert(embedded !== undefined);

const FILES = { "main.ts": "export const answer = 42;" };

function optionsFor(project: Project): BuildModuleOptions {
  return {
    entry: project.path("main.ts"),
    outDir: project.outDir,
    jsockdExec: embedded!.command,
  };
}

/** Returns the message of the `CONFIG` error that a call rejects with. */
async function configError(call: () => Promise<unknown>): Promise<string> {
  const error = await assertRejects(call, JSockDClientError);
  assertEquals(error.code, "CONFIG");
  return error.message;
}

for (
  const [changes, message] of [
    [{ minfy: true }, "no field 'minfy'; did you mean 'minify'?"],
    [{ minify: 1 }, "Cannot use 1 as minify: expected true or false"],
    [{ strip: "all" }, "Cannot use \"all\" as strip: expected one of 'source', 'debug'"],
    [{ outDir: "" }, 'Cannot use "" as outDir: expected a path'],
    [{ entry: new URL("https://example.com/main.ts") }, "expected a path or a 'file:' URL"],
    [{ jsockdExec: 1 }, "Cannot use 1 as jsockdExec: expected a server command"],
  ] as const
) {
  Deno.test(`buildModule() and watchModule() reject when given ${Deno.inspect(changes)}`, async () => {
    await using project = await Project.make(FILES);
    const options = { ...optionsFor(project), ...changes } as BuildModuleOptions;
    assertStringIncludes(await configError(() => buildModule(options)), message);
    const client = { reload: () => Promise.resolve() };
    assertStringIncludes(await configError(() => watchModule({ ...options, client })), message);
  });
}

Deno.test("watchModule() rejects when the client has no reload()", async () => {
  await using project = await Project.make(FILES);
  for (const client of [{}, { reload: 1 }, "client"]) {
    const options = { ...optionsFor(project), client } as WatchModuleOptions;
    assertStringIncludes(
      await configError(() => watchModule(options)),
      "as client: expected a client",
    );
  }
});

Deno.test("watchModule() removes its listener from the signal when it is disposed", async () => {
  await using project = await Project.make(FILES);
  const { signal } = new AbortController();
  {
    await using _watcher = await watchModule({
      ...optionsFor(project),
      client: { reload: () => Promise.resolve() },
      signal,
    });
    assertEquals(getEventListeners(signal, "abort").length, 1);
  }
  assertEquals(getEventListeners(signal, "abort").length, 0);
});

Deno.test("buildModule() accepts a file URL as a string for the entry point", async () => {
  await using project = await Project.make({ "a b.ts": "export const answer = 42;" });
  const path = project.path("a b.ts");
  const byPath = await buildModule({ ...optionsFor(project), entry: path });
  const byUrl = await buildModule({ ...optionsFor(project), entry: toFileUrl(path).href });
  assertEquals(byUrl, byPath);
});

Deno.test("buildModule() names the path when a file is in the place of a folder", async () => {
  await using project = await Project.make(FILES);
  const options = optionsFor(project);
  assertStringIncludes(
    await configError(() => buildModule({ ...options, outDir: options.entry as string })),
    `Cannot build the module: File exists (os error 17): mkdir '${options.entry}'`,
  );
  assertStringIncludes(
    await configError(() => buildModule({ ...options, entry: `${options.entry}/main.ts` })),
    "there is no such file",
  );
});

Deno.test("identifyServer() notes 'none' when the executable cannot be inspected", async () => {
  await using project = await Project.make(FILES);
  const executable = project.path("main.ts/jsockd");
  assertEquals(await identifyServer(executable), JSON.stringify([executable, "none"]));
});
