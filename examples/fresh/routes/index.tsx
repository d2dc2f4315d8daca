import { page } from "fresh";
import { ServerHtml } from "../components/server_html.ts";
import CounterIsland from "../islands/Counter.tsx";
import { renderCounter } from "../jsockd/client.ts";
import { define } from "../utils.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const counter = { label: "Clicks", start: 3 };
    return page({ counter, html: await renderCounter(ctx.state.client, counter) });
  },
});

export default define.page<typeof handler>(function Index({ data: { counter, html } }) {
  return (
    <main>
      <h1>Rendered by JSockD, hydrated in the browser</h1>
      <ServerHtml.Provider value={html}>
        <CounterIsland {...counter} />
      </ServerHtml.Provider>
    </main>
  );
});
