/**
 * Marks an island of a Fresh application as rendered by JSockD. Islands import it, so it is safe
 * to load in browsers.
 *
 * @example The file of an island, `islands/Counter.tsx`
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { h } from "preact";
 * import { useState } from "preact/hooks";
 * import { renderToString } from "preact-render-to-string";
 * import { jsockdIsland } from "@x/jsockd/fresh/island";
 *
 * const Counter = jsockdIsland("Counter", ({ start }: { start: number }) => {
 *   const [count, setCount] = useState(start);
 *   return h("button", { onClick: () => setCount(count + 1) }, count);
 * }, { fallback: () => h("p", null, "The counter is away") });
 *
 * // Outside of a page that JSockD serves, it is the component itself.
 * assertEquals(renderToString(h(Counter, { start: 3 })), "<button>3</button>");
 * ```
 *
 * @module
 */

import { Fragment, h } from "preact";
import { ISLAND, type IslandServer, SERVER } from "./island_server.ts";

/** What is shown in place of an island that JSockD could not render. */
export interface IslandOptions<Props> {
  /**
   * Rendered by Fresh if the island fails or takes too long. The browser does not hydrate it.
   * Default: nothing.
   */
  fallback?: (props: Props) => IslandContent;
}

/** What a component returns: Preact's elements, text, or nothing. */
export type IslandContent = object | string | number | boolean | null | undefined;

/** A component to put into pages. */
export type IslandComponent<Props> = (props: Props) => object;

/**
 * Marks a component as rendered by JSockD: the server's HTML comes from JSockD, and the browser
 * hydrates the same component.
 *
 * @param name A name that no other island of the application has.
 * @param component The component. Its props must be JSON: no signals, functions or children.
 * @param options What to show if the island cannot be rendered.
 * @returns The component to export from the island's file.
 * @throws {TypeError} If the name is not text, or the component or the fallback is not a function.
 *
 * @example A list, with a fallback that shows how many items it has
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { h } from "preact";
 * import { renderToString } from "preact-render-to-string";
 * import { jsockdIsland } from "@x/jsockd/fresh/island";
 *
 * const List = jsockdIsland(
 *   "List",
 *   ({ items }: { items: string[] }) => h("ul", null, items.map((item) => h("li", null, item))),
 *   { fallback: ({ items }) => h("p", null, `${items.length} items`) },
 * );
 * assertEquals(renderToString(h(List, { items: ["a", "b"] })), "<ul><li>a</li><li>b</li></ul>");
 * ```
 */
export function jsockdIsland<Props extends object>(
  name: string,
  component: (props: Props) => IslandContent,
  options: IslandOptions<Props> = {},
): IslandComponent<Props> {
  if (typeof name !== "string" || name === "") {
    throw new TypeError(
      `Cannot mark an island with the name ${String(name)}: expected text, as in ` +
        `jsockdIsland("Counter", Counter)`,
    );
  }
  if (typeof component !== "function") {
    throw new TypeError(`Cannot mark the island '${name}': its component is not a function`);
  }
  if (typeof (options.fallback ?? component) !== "function") {
    throw new TypeError(`Cannot mark the island '${name}': its fallback is not a function`);
  }
  const JSockDIsland: IslandComponent<Props> = (props) => {
    const server = (globalThis as { [SERVER]?: IslandServer })[SERVER];
    const id = server?.begin(name, props);
    if (id === undefined) return h(component, props as Props & Record<string, unknown>);
    return h(Fragment, null, comment(id), options.fallback?.(props), comment(`/${id}`));
  };
  return Object.assign(JSockDIsland, { [ISLAND]: { name, component } });
}

function comment(text: string) {
  return h(Fragment, { UNSTABLE_comment: text } as Record<string, unknown>);
}
