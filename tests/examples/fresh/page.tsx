/** Prints a page as Fresh makes it of the route; run beside the example's `main.ts`, with a label. */
import { renderToString } from "preact-render-to-string";
import { ServerHtml } from "./components/server_html.ts";
import CounterIsland from "./islands/Counter.tsx";
import { renderCounter, startClient } from "./jsockd/client.ts";

const counter = { label: Deno.args[0]!, start: 3 };
await using client = await startClient();
const html = await renderCounter(client, counter);
// Fresh puts the properties into a script of its own; here they are an attribute.
const body = renderToString(
  <main data-props={JSON.stringify(counter)}>
    <ServerHtml.Provider value={html}>
      <CounterIsland {...counter} />
    </ServerHtml.Provider>
  </main>,
);
console.log(
  `<!DOCTYPE html><link rel="icon" href="data:,">${body}` +
    `<script type="module" src="/hydrate.js"></script>`,
);
