import type { Ask } from "@x/jsockd";
import type { ReactNode } from "react";
// @ts-types="@types/react-dom/server"
import { renderToReadableStream } from "react-dom/server";
import { type Site, SiteContext } from "./components/Document.tsx";
import type { Load } from "./data.ts";
import { Broken } from "./pages/Broken.tsx";
import { Endless } from "./pages/Endless.tsx";
import { Failure, type FailureProps } from "./pages/Failure.tsx";
import { Home } from "./pages/Home.tsx";
import { Slow } from "./pages/Slow.tsx";

/** A page to render. */
export type PageRequest =
  & { site: Site }
  & (
    | { page: "home"; visitor: string }
    | { page: "slow" | "endless" | "broken" }
    | { page: "failure"; failure: FailureProps }
  );

/** Renders a whole HTML document, as a stream. This module runs in JSockD. */
export async function render(request: PageRequest, ask: Ask): Promise<ReadableStream<Uint8Array>> {
  // All that is asked for at the same time is loaded at the same time.
  const page = await element(request, (name) => ask(name));
  return await renderToReadableStream(<SiteContext value={request.site}>{page}</SiteContext>);
}

async function element(request: PageRequest, load: Load): Promise<ReactNode> {
  switch (request.page) {
    case "home": {
      const [books, reviews] = await Promise.all([load("books"), load("reviews")]);
      return <Home visitor={request.visitor} books={books} reviews={reviews} />;
    }
    case "slow":
      return <Slow load={load} />;
    case "endless":
      return <Endless />;
    case "broken":
      return <Broken />;
    case "failure":
      return <Failure {...request.failure} />;
  }
}
