import { assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import manifest from "../../deno.json" with { type: "json" };
import { JSockDClientError } from "../../mod.ts";
import { buildModule } from "../../src/module/mod.ts";
import { servers } from "../conformance/servers.ts";
import { runDeno, stdoutOf } from "../support/run_to_end.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { Project, start } from "./project.ts";

const [embedded] = servers;

/** Builds the entry point and returns what its `result()` returns on the server. */
async function resultOf(project: Project, entry = "main.ts"): Promise<unknown> {
  await using client = await start(embedded!, await project.build(embedded!, { entry }));
  return await client.run("(module) => module.result()");
}

Deno.test("buildModule() uses the import map when deno.json has comments", async () => {
  await using project = await Project.make({
    "deno.json": `{
      // A prefix and a whole specifier.
      "imports": { "@/": "./lib/", "answer": "./lib/answer.ts" },
    }`,
    "lib/answer.ts": "export default 42;",
    "app/main.ts": `import a from "answer";
import b from "@/answer.ts";
export const result = () => [a, b];`,
  });
  assertEquals(await resultOf(project, "app/main.ts"), [42, 42]);
});

Deno.test("buildModule() builds again when an import map in a separate file changes", async () => {
  await using project = await Project.make({
    "deno.json": `{ "importMap": "./map.json" }`,
    "map.json": `{ "imports": { "answer": "./one.ts" } }`,
    "one.ts": "export default 1;",
    "two.ts": "export default 2;",
    "main.ts": `import a from "answer"; export const result = () => a;`,
  });
  assertEquals(await resultOf(project), 1);
  await project.write("map.json", `{ "imports": { "answer": "./two.ts" } }`);
  assertEquals(await resultOf(project), 2);
});

Deno.test("buildModule() uses the import map when the entry point is below a link", async () => {
  await using project = await Project.make({
    "real/deno.json": `{ "imports": { "./one.ts": "./two.ts" } }`,
    "real/one.ts": "export default 1;",
    "real/two.ts": "export default 2;",
    "real/main.ts": `import a from "./one.ts"; export const result = () => a;`,
  });
  await Deno.symlink("real", project.path("link"));
  assertEquals(await resultOf(project, "link/main.ts"), 2);
});

Deno.test("buildModule() bundles JSON, text, bytes, data URLs and dynamic imports", async () => {
  await using project = await Project.make({
    "data.json": `{ "answer": 42 }`,
    "text.txt": "é\n",
    "late.ts": "export default 'late';",
    "main.ts": `import json from "./data.json" with { type: "json" };
import text from "./text.txt" with { type: "text" };
import bytes from "./text.txt" with { type: "bytes" };
import data from "data:text/javascript,export default 'data'";
export const result = async () =>
  [json.answer, text, [...bytes], data, (await import("./late.ts")).default];`,
  });
  assertEquals(await resultOf(project), [42, "é\n", [195, 169, 10], "data", "late"]);
});

Deno.test("buildModule() bundles a package that the lock file has without a new peer of it", async () => {
  const { preact, "preact-render-to-string": render } = manifest.imports;
  await using project = await Project.make({
    "deno.json": JSON.stringify({ imports: { preact, "preact-render-to-string": render } }),
    "first.ts": `import "preact";`,
    "main.ts": `import { h } from "preact";
import { useState } from "preact/hooks";
import { renderToString } from "preact-render-to-string";
const Component = () => h("b", null, useState(1)[0]);
export const result = () => renderToString(h(Component, null));`,
  });
  await stdoutOf(runDeno(["run", "first.ts"], { cwd: project.path(".") }));
  assertEquals(await resultOf(project), "<b>1</b>");
});

Deno.test("buildModule() bundles remote modules when they are imported by URL", async () => {
  const texts: Record<string, string> = {
    "/mod.ts": `import { deep } from "./deep/mod.ts";
import json from "./data.json" with { type: "json" };
export const all = (): string[] => [deep, json.text];`,
    "/deep/mod.ts": `export const deep: string = "deep";`,
    "/data.json": `{ "text": "json" }`,
  };
  await using host = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/latest") return Response.redirect(new URL("/mod.ts", request.url));
      const type = pathname.endsWith(".json") ? "application/json" : "application/typescript";
      const text = texts[pathname];
      return text === undefined
        ? new Response(null, { status: 404 })
        : new Response(text, { headers: { "content-type": type } });
    },
  );
  const url = `http://127.0.0.1:${host.addr.port}`;
  await using project = await Project.make({
    // Keeps the fetched modules in the project, out of the user's cache.
    "deno.json": `{ "vendor": true }`,
    "main.ts": `import { all } from "${url}/latest"; export const result = () => all();`,
    "missing.ts": `import "${url}/none.ts";`,
  });
  assertEquals(await resultOf(project), ["deep", "json"]);
  await assertRejects(
    () => project.build(embedded!, { entry: "missing.ts" }),
    JSockDClientError,
    `missing.ts:1:8: Module not found "${url}/none.ts"`,
  );
});

Deno.test("buildModule() bundles packages from JSR", async () => {
  const entry = fromFileUrl(new URL("./fixtures/joined.ts", import.meta.url));
  await using folder = await TempFolder.make();
  const jsockdExec = embedded!.command;
  const built = await buildModule({ entry, outDir: folder.path, jsockdExec });
  await using client = await start(embedded!, built);
  assertEquals(await client.run("(module) => module.result()"), [1, 2]);
});

Deno.test("buildModule() prefers the files for web workers when packages are in node_modules", async () => {
  const manifest = (fields: object) => JSON.stringify({ version: "1.0.0", ...fields });
  await using project = await Project.make({
    "package.json": manifest({ dependencies: { common: "*", modern: "*" } }),
    "deno.json": `{ "nodeModulesDir": "manual", "imports": { "alias": "npm:modern@1/sub" } }`,
    "node_modules/common/package.json": manifest({ name: "common", main: "./main.js" }),
    "node_modules/common/main.js":
      `exports.mode = process.env.NODE_ENV; exports.below = require("below");`,
    "node_modules/common/node_modules/below/package.json": manifest({ name: "below" }),
    "node_modules/common/node_modules/below/index.js": `module.exports = "below";`,
    "node_modules/modern/package.json": manifest({
      name: "modern",
      type: "module",
      exports: { ".": { node: "./node.js", worker: "./worker.js" }, "./sub": "./sub.js" },
    }),
    "node_modules/modern/node.js": `export default "node";`,
    "node_modules/modern/worker.js": `export default "worker";`,
    "node_modules/modern/sub.js": `export default "sub";`,
    "main.ts": `import common from "common";
import modern from "modern";
import sub from "npm:modern@1/sub";
import alias from "alias";
export const result = () => [common.mode, common.below, modern, sub, alias];`,
  });
  assertEquals(await resultOf(project), ["production", "below", "worker", "sub", "sub"]);
});

Deno.test("buildModule() compiles JSX as the compiler options say", async (t) => {
  const files = {
    "h/jsx-runtime.ts": "export const jsx = (name: string) => `automatic ${name}`;",
    "h/jsx-dev-runtime.ts": "",
    "automatic.tsx": "export const result = () => <a />;",
    "classic.tsx":
      "const h = (name: string) => `classic ${name}`; export const result = () => <a />;",
    "pragma.tsx":
      "/** @jsxRuntime classic @jsx h */ const h = (name: string) => `pragma ${name}`; export const result = () => <a />;",
  };
  const imports = { "h/jsx-runtime": "./h/jsx-runtime.ts" };
  await using project = await Project.make(files);
  const configure = (config: object) => project.write("deno.json", JSON.stringify(config));

  for (const jsx of ["react-jsx", "precompile"]) {
    await t.step(`by ${jsx}`, async () => {
      await configure({ imports, compilerOptions: { jsx, jsxImportSource: "h" } });
      assertEquals(await resultOf(project, "automatic.tsx"), "automatic a");
      assertEquals(await resultOf(project, "pragma.tsx"), "pragma a");
    });
  }
  await t.step("by calls of a function", async () => {
    await configure({ compilerOptions: { jsx: "react", jsxFactory: "h" } });
    assertEquals(await resultOf(project, "classic.tsx"), "classic a");
  });
  await t.step("by the options of the workspace when the member has none", async () => {
    await configure({
      workspace: ["./member"],
      compilerOptions: { jsx: "react", jsxFactory: "h" },
    });
    await project.write("member/deno.json", "{}");
    await project.write("member/main.tsx", files["classic.tsx"]);
    assertEquals(await resultOf(project, "member/main.tsx"), "classic a");
  });
});

Deno.test("buildModule() uses the real folder's files and import map when the entry point is below a link", async () => {
  await using project = await Project.make({
    "real/deno.json": `{ "imports": { "answer": "./answer.ts" } }`,
    "real/answer.ts": "export default 42;",
    "real/main.ts": `import a from "answer"; export const result = () => a;`,
  });
  await Deno.symlink(project.path("real"), project.path("link"));
  assertEquals(await resultOf(project, "link/main.ts"), 42);
});

for (const server of servers) {
  Deno.test(`${server.name}: a module gets replacements when it uses timers, microtasks and channels`, async () => {
    await using project = await Project.make({
      "main.ts": `export const result = () => new Promise((resolve) => {
  const order: string[] = [];
  const cleared = setTimeout(() => order.push("cleared"));
  clearTimeout(cleared);
  setTimeout(() => order.push("late"), 1000);
  setTimeout((name: string) => order.push(name), 0, "timer");
  queueMicrotask(() => order.push("microtask"));
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => resolve([...order, data]);
  port2.postMessage("message");
  order.push("at once");
});`,
    });
    await using client = await start(server, await project.build(server));
    assertEquals(
      await client.run("(module) => module.result()"),
      ["at once", "timer", "microtask", "message"],
    );
    assertEquals(await client.run("() => typeof setTimeout"), "undefined");
  });
}
