import type { JSockDClient } from "@x/jsockd";
import { errorResponse } from "./error_response.ts";
import { loadReviews } from "./reviews.ts";
import type * as Pages from "./server.tsx";

/** Options of the application. */
export interface AppOptions {
  /** The client that renders all pages. */
  client: JSockDClient;
  /** Returns the script for the browser. */
  browserScript: () => string;
  /** Whether error pages show stack traces. */
  dev: boolean;
}

/** Returns the request handler, for `Deno.serve` or a test. */
export function createApp(
  { client, browserScript, dev }: AppOptions,
): (request: Request) => Promise<Response> {
  const render = client.command((pages: typeof Pages, request: Pages.PageRequest) =>
    pages.render(request)
  );

  async function page(content: Pages.PageRequest, { signal }: Request): Promise<Response> {
    try {
      // The signal aborts when the browser closes the connection.
      const html = await render(content, { signal });
      return new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
    } catch (error) {
      if (!signal.aborted) console.error(error);
      return errorResponse(error, dev);
    }
  }

  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case "/": {
        const visitor = searchParams.get("visitor") ?? "stranger";
        const reviews = await loadReviews();
        return await page({ page: "home", props: { visitor, reviews } }, request);
      }
      case "/broken":
        return await page({ page: "broken" }, request);
      case "/endless":
        return await page({ page: "endless" }, request);
      case "/client.js":
        return new Response(browserScript(), {
          headers: { "content-type": "text/javascript; charset=utf-8" },
        });
      default:
        return new Response("Not found", { status: 404 });
    }
  };
}
