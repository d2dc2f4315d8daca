/**
 * Prints the page that Fresh would render for the route. The argument is the counter's label. Runs
 * in a copy of the example.
 */
import { renderToString } from "preact-render-to-string";
import { ServerHtml } from "./components/server_html.ts";
import CounterIsland from "./islands/Counter.tsx";
import { renderCounter, startClient } from "./jsockd/client.ts";

const counter = { label: Deno.args[0]!, start: 3 };
await using client = await startClient();
const html = await renderCounter(client, counter);
// Fresh sends the props in a script. Here they are in an attribute.
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
