import type { JSockDClient } from "@x/jsockd";
import { loadData } from "./data.ts";
import { describeFailure } from "./failure.ts";
import type * as Pages from "./server.tsx";

/** Options of the application. */
export interface AppOptions {
  /** The client that renders all pages. */
  client: JSockDClient;
  /** The name of the engine, which pages show. */
  engine: string;
  /** Returns the script for the browser. */
  browserScript: () => string;
  /** Whether error pages show stack traces. */
  dev: boolean;
}

const HTML = { "content-type": "text/html; charset=utf-8" };

/** Returns the request handler, for `Deno.serve` or a test. */
export function createApp(
  { client, engine, browserScript, dev }: AppOptions,
): (request: Request) => Promise<Response> {
  const pages = client.withModule<typeof Pages>();

  /** Resolves when the first part of the page is there. */
  function render(page: Pages.PageRequest, signal: AbortSignal): Promise<ReadableStream> {
    return pages.renderToStream((pages, page, ask) => pages.render(page, ask), page, {
      messageHandler: loadData,
      // Aborts when the browser closes the connection.
      signal,
    });
  }

  async function respond(page: Pages.PageRequest, { signal }: Request): Promise<Response> {
    try {
      return new Response(await render(page, signal), { headers: HTML });
    } catch (error) {
      if (!signal.aborted) console.error(error);
      const failure = describeFailure(error, dev);
      const { status, text } = failure;
      try {
        const { site } = page;
        const html = await render({ page: "failure", failure, site }, signal);
        return new Response(html, { status, headers: HTML });
      } catch {
        // Nothing can be rendered now.
        return new Response(text, { status });
      }
    }
  }

  return async (request) => {
    const { pathname: path, searchParams } = new URL(request.url);
    const site = { path, engine };
    switch (path) {
      case "/": {
        const visitor = searchParams.get("visitor") ?? "stranger";
        return await respond({ page: "home", visitor, site }, request);
      }
      case "/slow":
        return await respond({ page: "slow", site }, request);
      case "/endless":
        return await respond({ page: "endless", site }, request);
      case "/broken":
        return await respond({ page: "broken", site }, request);
      case "/client.js":
        return new Response(browserScript(), {
          headers: { "content-type": "text/javascript; charset=utf-8" },
        });
      case "/style.css":
        return new Response((await Deno.open(new URL("style.css", import.meta.url))).readable, {
          headers: { "content-type": "text/css; charset=utf-8" },
        });
      default:
        return new Response("Not found", { status: 404 });
    }
  };
}
