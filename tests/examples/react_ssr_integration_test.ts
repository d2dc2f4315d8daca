import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { createApp } from "../../examples/react_ssr/app.ts";
import { serverModuleOptions } from "../../examples/react_ssr/build.ts";
import { initJSockDClient, JSOCKD_VERSION } from "../../mod.ts";
import { buildModule } from "../../src/module/mod.ts";
import { quiet } from "../support/quiet.ts";
import { ROOT } from "../support/checkout.ts";
import { runDeno } from "../support/run_to_end.ts";
import { servers } from "../conformance/servers.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { ProjectCopy } from "./project_copy.ts";
import { ReactServer } from "./react_server.ts";

/** The paths of the jsockds to test. */
const jsockds = servers.filter(({ command, version }) =>
  command.length === 1 && version === JSOCKD_VERSION
).map(({ command: [path] }) => path);

const EXAMPLE = new URL("../../examples/react_ssr/", import.meta.url);

for (const { name, command, version } of servers) {
  if (version !== JSOCKD_VERSION) continue;

  Deno.test(`${name}: the React example's createApp() handles requests without an HTTP server`, async () => {
    await using folder = await TempFolder.make();
    const serverModule = await buildModule(serverModuleOptions(command, folder.path));
    await using client = await initJSockDClient(
      quiet({ ...serverModule, maxCommandRuntimeUs: 20_000_000 }),
      command,
    );
    const app = createApp({ client, engine: name, browserScript: () => "// script", dev: false });
    const get = (path: string) => app(new Request(new URL(path, "http://localhost")));

    const home = await get("/?visitor=Mary");
    assertEquals(home.headers.get("content-type"), "text/html; charset=utf-8");
    const html = await home.text();
    assertMatch(html, /^<!DOCTYPE html><html lang="en"><head>/);
    assertStringIncludes(html, ">Hello Mary, take your time.</p>");
    assertStringIncludes(html, "Short &amp; sweet.");
    assertStringIncludes(html, `<strong>${name}</strong>`);

    const slow = await (await get("/slow")).text();
    const parts = ["could not be loaded", "Frankenstein", "Villette"];
    const places = [slow.indexOf("</main>"), ...parts.map((text) => slow.indexOf(text))];
    assertEquals(places, places.toSorted((a, b) => a - b), slow);
    assertEquals(slow.includes("stockroom does not answer"), false);

    const script = await get("/client.js");
    assertEquals(script.headers.get("content-type"), "text/javascript; charset=utf-8");
    assertEquals(await script.text(), "// script");
    const style = await get("/style.css");
    assertEquals(style.headers.get("content-type"), "text/css; charset=utf-8");
    assertStringIncludes(await style.text(), "color-scheme: light dark");

    const missing = await get("/no/such/page");
    assertEquals([missing.status, await missing.text()], [404, "Not found"]);

    await client.close();
    const closed = await get("/");
    assertEquals([closed.status, await closed.text()], [503, "Too busy, please try again"]);
  });
}

for (
  const [args, renderer] of [
    [[], "V8"],
    [["--engine", "quickjs"], "QuickJS in WebAssembly"],
    ...jsockds.map((path) => [["--jsockd", path], path] as const),
  ] as const
) {
  Deno.test(`the React example renders on ${renderer} when it is given '${args.join(" ")}'`, async () => {
    await using server = await ReactServer.start(...args);
    assertEquals(server.renderer, renderer);
    const response = await fetch(server.url("/?visitor=Mary"));
    assertStringIncludes(await response.text(), ">Hello Mary, take your time.</p>");
  });
}

Deno.test("the React example says which engines there are when it is given another", async () => {
  const { code, stderr } = await runDeno(["task", "example:react", "--engine", "v9"], {
    cwd: ROOT,
  });
  assertEquals(code, 1);
  assertMatch(stderr, /"v9".*'quickjs', 'v8'/);
});

Deno.test("the React example logs a stack trace, and sends it when --dev is given", async () => {
  for (const args of [[], ["--dev"]]) {
    await using server = await ReactServer.start(...args);
    const response = await fetch(server.url("/broken"));
    const text = await response.text();
    assertEquals(response.status, 500);
    assertEquals(response.headers.get("content-type"), "text/html; charset=utf-8");
    assertStringIncludes(text, ">Something went wrong</h1>");
    const place = /at Receipt \(.*pages\/Broken\.tsx:14:\d+\)/;
    assertEquals(place.test(text), args.length > 0, text);
    await server.stop();
    assertMatch(server.log, place);
  }
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`the React example exits with 0 when it gets ${signal}`, async () => {
    await using server = await ReactServer.start();
    await (await fetch(server.url("/"))).body?.cancel();
    assertEquals(await server.stop(signal), 0);
    await assertRejects(async () => await fetch(server.url("/")), TypeError);
  });
}

Deno.test("the React example renders a changed component when --dev is given", async () => {
  const readme = await Deno.readTextFile(new URL("README.md", EXAMPLE));
  const [, config] = /```json\n(.+?)```/s.exec(readme)!;
  await using copy = await ProjectCopy.make(["examples/react_ssr"], JSON.parse(config!));
  await using server = await ReactServer.startIn(copy.path(), ["run", "-A", "main.ts", "--dev"]);
  const get = async (path: string) => await (await fetch(server.url(path))).text();
  assertStringIncludes(await get("/"), '<button type="button">Helpful');

  const counter = copy.path("components/Counter.tsx");
  const source = await Deno.readTextFile(counter);
  await Deno.writeTextFile(counter, source.replace('<button type="button"', "<button"));
  await server.line(/Rebuilt/);
  assertStringIncludes(await get("/"), "<button>Helpful");
  assertEquals((await get("/client.js")).includes('type: "button"'), false);
});
