import { createComponent, createSignal, For } from "solid-js";
import { escape, renderToString, ssr } from "solid-js/web";

function Page(props) {
  const [count] = createSignal(2);
  return ssr(
    ["<h1>Hello ", " ", "</h1><ul>", "</ul>"],
    escape(props.name),
    escape(count()),
    createComponent(For, { each: [1, 2], children: (n) => ssr(["<li>", "</li>"], escape(n)) }),
  );
}

export const render = () => renderToString(() => createComponent(Page, { name: "<Solid>" }));
