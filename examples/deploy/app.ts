import { type JSockDClient, JSockDClientError } from "@x/jsockd";
import { loadReviews } from "./data.ts";

/**
 * Returns the handler of all requests.
 *
 * @param draining Aborted when the process is to end: it then says that it is not ready, and still
 * answers.
 */
export function createApp(client: JSockDClient, draining: AbortSignal): Deno.ServeHandler {
  const site = client.withModule<typeof import("./site.tsx")>();

  return async (request) => {
    const response = await respond(request).catch(toErrorResponse);
    // The next request on this connection would come too late.
    if (draining.aborted) response.headers.set("connection", "close");
    return response;
  };

  async function respond(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    switch (`${request.method} ${pathname}`) {
      case "GET /":
        return await page(searchParams.get("book") ?? "Villette");
      case "GET /healthz/ready":
        return await readiness();
      case "GET /healthz/live":
        return await liveness();
      default:
        return new Response("Not found", { status: 404 });
    }
  }

  async function page(book: string): Promise<Response> {
    const reviews = await loadReviews(book);
    // A page may be rendered twice, so a server that dies loses no request.
    const html = await site.run((m, p) => m.renderPage(p), { book, reviews }, { idempotent: true });
    return new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
  }

  /** Whether requests should come here. */
  async function readiness(): Promise<Response> {
    const health = await client.health();
    const isReady = health.healthy && !draining.aborted;
    return Response.json({ draining: draining.aborted, ...health }, {
      status: isReady ? 200 : 503,
    });
  }

  /** Whether this process can go on. The client replaces its server itself, until it is closed. */
  async function liveness(): Promise<Response> {
    const { serverState, reason } = await client.health();
    return Response.json({ serverState, reason }, { status: serverState === "ended" ? 503 : 200 });
  }
}

function toErrorResponse(error: unknown): Response {
  console.error(error);
  return error instanceof JSockDClientError
    ? new Response("Too busy, please try again", { status: 503, headers: { "retry-after": "1" } })
    : new Response("Something went wrong", { status: 500 });
}
