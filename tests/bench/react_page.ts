import { serverModuleOptions } from "../../examples/react_ssr/build.ts";
import type * as Pages from "../../examples/react_ssr/server.tsx";
import type { JSockDClient } from "../../mod.ts";
import { buildModule, type BuiltModule } from "../../src/module/mod.ts";
import type { TestServer } from "../conformance/servers.ts";

/** A request for the React example's page with a hundred reviews. */
const PAGE: Pages.PageRequest = {
  page: "home",
  props: {
    visitor: "Mary",
    reviews: Array.from({ length: 100 }, (_, id) => ({ id, author: "Ada", text: `Review ${id}` })),
  },
};

/** Builds the React example's pages for a server. */
export function buildPages({ command }: TestServer, outDir: string): Promise<BuiltModule> {
  return buildModule(serverModuleOptions(command, outDir));
}

/** Returns a function that renders the page with a client. */
export function pageRenderer(client: JSockDClient): () => Promise<string> {
  const render = client.command((pages: typeof Pages, page: Pages.PageRequest) =>
    pages.render(page)
  );
  return () => render(PAGE);
}

/** Resolves to a function that renders the page in this process, with React's production build. */
export async function localPageRenderer(): Promise<() => Promise<string>> {
  // React chooses its build when it is loaded.
  Deno.env.set("NODE_ENV", "production");
  const { render } = await import("../../examples/react_ssr/server.tsx");
  return () => Promise.resolve(render(PAGE));
}
