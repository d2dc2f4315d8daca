import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { JSockDClientError } from "../../mod.ts";
import { buildIslands, jsockd } from "../../src/fresh/mod.ts";
import { Application } from "./application.ts";

/** Not literals: the types of Preact change the global ones for all tests. */
const [PREACT, RENDER]: string[] = ["preact", "preact-render-to-string"];

const ISLANDS = `
import { h } from "preact";
import { useState } from "preact/hooks";
import { jsockdIsland } from "@x/jsockd/fresh/island";
export const Counter = jsockdIsland("Counter", ({ start }: { start: number }) => {
  const [count] = useState(start);
  return h("button", null, "Clicks: ", count, " ", typeof (globalThis as { Deno?: unknown }).Deno);
});
export const Broken = jsockdIsland<{}>("Broken", () => { throw new Error("broken"); },
  { fallback: () => h("i", null, "broken") });
export const Endless = jsockdIsland<{}>("Endless", () => { while (true); },
  { fallback: () => h("i", null, "endless") });
`;

Deno.test("islands are rendered by JSockD, and one that fails shows its fallback", async () => {
  await using app = await Application.make({ "islands/all.ts": ISLANDS });
  const config = { maxCommandRuntimeUs: 2_000_000 };
  await buildIslands({ root: app.root });
  await using middleware = jsockd({ root: app.root, config });

  const { h } = await import(PREACT!);
  const { renderToString } = await import(RENDER!);
  const { Counter, Broken, Endless } = await import(`${app.root}/islands/all.ts`);
  const state: Record<string, unknown> = {};
  const render = (props: object) =>
    middleware({
      state,
      next: async () => {
        await Promise.resolve();
        const page = h("main", null, h(Counter, props), h(Broken, null), h(Endless, null));
        const headers = { "content-type": "text/html; charset=utf-8" };
        return new Response(renderToString(page), { headers });
      },
    });
  const response = await render({ start: 3 });
  assertEquals(
    await response.text(),
    "<main><button>Clicks: 3 undefined</button><i>broken</i><i>endless</i></main>",
  );
  assertMatch(response.headers.get("content-type")!, /^text\/html/);
  assertEquals("run" in (state.jsockd as object), true);

  await assertRejects(() => render({ start: () => 3 }), TypeError, "its prop 'start' has a value");

  await middleware.close();
  await assertRejects(() => render({ start: 3 }), Error, "jsockd() is closed");
});

Deno.test("the build refuses two islands of one name, in islands and below routes", async () => {
  const island = `import { jsockdIsland } from "@x/jsockd/fresh/island";
    export default jsockdIsland("Same", () => "x");`;
  await using app = await Application.make({
    "islands/one.ts": island,
    "routes/blog/(_islands)/two.ts": island.replace('"x"', '"y"'),
  });
  await assertRejects(
    async () => {
      await buildIslands({ root: app.root });
      await using middleware = jsockd({ root: app.root });
      await middleware({ state: {}, next: () => Promise.resolve(new Response()) });
    },
    JSockDClientError,
    "Two islands are named 'Same', in islands/one.ts and routes/blog/(_islands)/two.ts",
  );
});

Deno.test("options that do not exist are refused", () => {
  assertThrows(
    () => jsockd({ folder: "x" } as never),
    JSockDClientError,
    "folder",
  );
});
