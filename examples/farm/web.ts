/** Serves pages that workers render. It starts no server of its own, and needs little. */
import { JSockDClientError } from "@x/jsockd";
import { connectNatsJSockD } from "@x/jsockd/nats";

await using client = await connectNatsJSockD({
  servers: Deno.env.get("NATS_URL") ?? "nats://127.0.0.1:4222",
  subject: "pages",
});
const pages = client.withModule<typeof import("./pages.tsx")>();

/** Stands in for your database. */
const reviews = ["Short & sweet.", "I read it twice."];

const http = Deno.serve(
  { hostname: "0.0.0.0", port: Number(Deno.env.get("PORT") ?? 8000) },
  async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/healthz") return new Response("ok");
    const book = searchParams.get("book") ?? "Villette";
    try {
      // A page may be rendered twice, so a worker that dies loses no request.
      const html = await pages.run((m, p) => m.renderPage(p), { book, reviews }, {
        idempotent: true,
      });
      return new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
    } catch (error) {
      if (!(error instanceof JSockDClientError)) throw error;
      // No worker is there, or all have enough to do.
      console.error(error.message);
      return new Response("Too busy, please try again", {
        status: 503,
        headers: { "retry-after": "1" },
      });
    }
  },
);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => http.shutdown());
}
await http.finished;
