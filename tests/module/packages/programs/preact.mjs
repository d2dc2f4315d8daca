import { h } from "preact";
import { useState } from "preact/hooks";
import { renderToString } from "preact-render-to-string";

function Counter({ start }) {
  const [count] = useState(start);
  return h("button", { type: "button" }, "Clicked ", count, " times");
}

export const render = () => renderToString(h(Counter, { start: 42 }));
