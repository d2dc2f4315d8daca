/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** Returns the element with an ID, which the page has. */
export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  return document.getElementById(id) as Kind;
}

/** Creates an element with children. Text is never read as HTML. */
export function create<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** Gives an element the color of a server. */
export function colorOf(element: HTMLElement, server: number): void {
  element.style.setProperty("--series", `var(--series-${server})`);
}
