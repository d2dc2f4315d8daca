import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { toFileUrl } from "@std/path";
import { JSockDClientError } from "../../mod.ts";
import { buildIslands, jsockd, type JSockDMiddleware } from "../../src/fresh/mod.ts";
import { makeApplication } from "./application.ts";
import { logged } from "./logged.ts";

/** Not literals: the types of Preact change the global ones for all tests. */
const [PREACT, RENDER, ISLAND]: string[] = [
  "preact",
  "preact-render-to-string",
  "../../src/fresh/island.ts",
];
const { h } = await import(PREACT!);
const { renderToString } = await import(RENDER!);
const { jsockdIsland } = await import(ISLAND!);

const HEAD = `
import { h } from "preact";
import { useState } from "preact/hooks";
import { jsockdIsland } from "@x/jsockd/fresh/island";
`;

const FILES = {
  "islands/all.ts": `${HEAD}
export const Counter = jsockdIsland("Counter", ({ start }: { start: number }) => {
  const [count] = useState(start);
  return h("button", null, "Clicks: ", count, " ", typeof (globalThis as { Deno?: unknown }).Deno);
}, { fallback: () => h("i", null, "no counter") });
export const Broken = jsockdIsland<{}>("Broken", () => { throw new Error("broken"); },
  { fallback: () => h("i", null, "broken") });
export const Endless = jsockdIsland<{}>("Endless", () => { while (true); },
  { fallback: () => h("i", null, "endless") });
export const One = jsockdIsland<{}>("Same", () => "one");
const hidden = jsockdIsland<{}>("Hidden", () => "x", { fallback: () => h("i", null, "hidden") });
export const parts = { hidden };
`,
  "routes/blog/(_islands)/two.ts": `${HEAD}
export default jsockdIsland<{}>("Same", () => "two", { fallback: () => h("i", null, "same") });
`,
};

/** Serves a page of components as Fresh does. */
function serve(middleware: JSockDMiddleware, components: unknown[], state: object = {}) {
  return middleware({
    state,
    next: async () => {
      await Promise.resolve();
      const headers = { "content-type": "text/html; charset=utf-8" };
      return new Response(renderToString(h("main", null, components)), { headers });
    },
  });
}

Deno.test("islands are rendered by JSockD, and one that fails shows its fallback and says why", async () => {
  await using application = await makeApplication(FILES);
  const root = application.path();
  await buildIslands({ root });
  await using middleware = jsockd({ root, config: { maxCommandRuntimeUs: 2_000_000 } });
  const { Counter, Broken, Endless, parts } = await import(`${toFileUrl(root)}/islands/all.ts`);
  const two = `${toFileUrl(root)}/routes/blog/(_islands)/two.ts`;
  const { default: Two } = await import(two);
  const texts = async (...components: unknown[]) => {
    const response = await serve(middleware, components);
    return (await response.text()).replace("<main>", "").replace("</main>", "");
  };

  const state: Record<string, unknown> = {};
  const response = await serve(middleware, [h(Counter, { start: 3 })], state);
  assertEquals(await response.text(), "<main><button>Clicks: 3 undefined</button></main>");
  assertMatch(response.headers.get("content-type")!, /^text\/html/);
  assertEquals("run" in (state.jsockd as object), true);

  const failures: Readonly<Record<string, { component: unknown; fallback: string }>> = {
    "'Broken': Error: broken, at ": { component: h(Broken), fallback: "broken" },
    "'Endless': it ran longer than its time limit, 'maxCommandRuntimeUs'": {
      component: h(Endless),
      fallback: "endless",
    },
    "'Hidden': Error: There is no such island in the build. Export it from a file": {
      component: h(parts.hidden),
      fallback: "hidden",
    },
    "'Same': Error: Two islands are named 'Same', in islands/all.ts and routes/blog/(_islands)/two.ts":
      { component: h(Two), fallback: "same" },
    "'Counter': its prop 'start' has a value of type bigint. Props of an island": {
      component: h(Counter, { start: 3n }),
      fallback: "no counter",
    },
  };
  for (const [message, { component, fallback }] of Object.entries(failures)) {
    const messages = await logged(async () => {
      assertEquals(
        await texts(component, h(Counter, { start: 4 })),
        `<i>${fallback}</i><button>Clicks: 4 undefined</button>`,
      );
    });
    assertStringIncludes(messages.join("\n"), `Cannot render the island ${message}`);
  }
  assertMatch(
    (await logged(() => texts(h(Broken)))).join(),
    /broken, at \S*islands\/all\.ts:10:\d+/,
  );

  await middleware.close();
  await assertRejects(() => texts(h(Counter, { start: 3 })), Error, "jsockd() is closed");
});

Deno.test("islands that were not built show their fallbacks, until they are built", async () => {
  await using application = await makeApplication({ "islands/all.ts": FILES["islands/all.ts"] });
  const root = application.path();
  await using middleware = jsockd({ root, config: { maxCommandRuntimeUs: 10_000_000 } });
  const { Counter } = await import(`${toFileUrl(root)}/islands/all.ts`);
  const page = async (state: object) =>
    await (await serve(middleware, [h(Counter, { start: 5 })], state)).text();

  const without: { jsockd?: unknown } = {};
  const messages = await logged(async () => {
    assertEquals(await page(without), "<main><i>no counter</i></main>");
  });
  assertStringIncludes(messages.join(), "Build the islands before they are served");
  assertThrows(() => without.jsockd, JSockDClientError, "Build the islands before they are served");

  await buildIslands({ root });
  const state: { jsockd?: unknown } = {};
  assertEquals(await page(state), "<main><button>Clicks: 5 undefined</button></main>");
  assertEquals("run" in (state.jsockd as object), true);
});

Deno.test("jsockd() throws if an option or the configuration is not valid", () => {
  assertThrows(() => jsockd({ folder: "x" } as never), JSockDClientError, "folder");
  assertThrows(
    () => jsockd({ config: { nThreads: 0 } }),
    JSockDClientError,
    "nThreads",
  );
});

for (
  const [mistake, args, message] of [
    ["a component in place of the name", [() => "x"], 'jsockdIsland("Counter", Counter)'],
    ["an empty name", ["", () => "x"], 'jsockdIsland("Counter", Counter)'],
    ["no component", ["Counter"], "'Counter': its component is not a function"],
    [
      "an element in place of the fallback",
      ["Counter", () => "x", { fallback: {} }],
      "'Counter': its fallback is not a function",
    ],
  ] as const
) {
  Deno.test(`jsockdIsland() throws when it gets ${mistake}`, () => {
    assertThrows(() => jsockdIsland(...args), TypeError, message);
  });
}
