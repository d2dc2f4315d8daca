import { createElement, Suspense, use } from "react";
import { renderToReadableStream } from "react-dom/server";

function Late({ text }) {
  return createElement("p", null, use(text));
}

export async function render() {
  const text = Promise.resolve("later");
  const page = createElement(
    "main",
    null,
    createElement(Suspense, { fallback: "waiting" }, createElement(Late, { text })),
  );
  const stream = await renderToReadableStream(page);
  await stream.allReady;
  let html = "";
  const decoder = new TextDecoder();
  for await (const chunk of stream) html += decoder.decode(chunk, { stream: true });
  return html;
}
