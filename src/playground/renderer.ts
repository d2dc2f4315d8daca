/**
 * The module that servers load for the playground: what programs import, and what makes a result
 * of what they return.
 *
 * @module
 */
import * as react from "react";
import * as jsxRuntime from "react/jsx-runtime";
// @ts-types="@types/react-dom/server"
import * as reactDomServer from "react-dom/server";

const PACKAGES: Readonly<Record<string, unknown>> = {
  react,
  "react/jsx-runtime": jsxRuntime,
  "react-dom/server": reactDomServer,
};

/** The result of a program. */
export interface Result {
  readonly value: unknown;
  /** The value as HTML, if it is markup. */
  readonly html?: string;
}

/** Returns a package that a program imports. */
export function require(name: string): unknown {
  if (Object.hasOwn(PACKAGES, name)) return PACKAGES[name];
  throw new Error(
    `Cannot import '${name}': programs here have ${
      Object.keys(PACKAGES).join(", ")
    }. Build a module ('jsockd build') to use other packages`,
  );
}

/** Calls what a program exports and turns what it returns into a result. */
export async function finish(program: unknown, parameter: unknown): Promise<Result> {
  if (typeof program !== "function") {
    throw new TypeError("Cannot run the program: expected a function as default export");
  }
  if (isComponent(program)) {
    return rendered(react.createElement(program, parameter as Record<string, unknown> | null));
  }
  const value = await program(parameter);
  if (react.isValidElement(value)) return rendered(value);
  return typeof value === "string" && /^\s*</.test(value) ? { value, html: value } : { value };
}

/** Renders a page of a site, for the load. */
export function renderSample(items: number): string {
  const { createElement } = react;
  const rows = Array.from(
    { length: items },
    (_, index) =>
      createElement("li", { key: index }, createElement("b", null, `Item ${index}`), " in stock"),
  );
  return reactDomServer.renderToString(
    createElement("main", null, createElement("h1", null, "Shop"), createElement("ul", null, rows)),
  );
}

/** Returns whether a function is a component: as in JSX, the first letter tells. */
function isComponent(program: { name: string }): program is react.FunctionComponent {
  return /^[A-Z]/.test(program.name);
}

function rendered(element: react.ReactElement): Result {
  const html = reactDomServer.renderToString(element);
  return { value: html, html };
}
