import type { CommandClient } from "../../mod.ts";
import { buildModule, type BuiltModule } from "../../src/module/mod.ts";
import type { TestServer } from "../conformance/servers.ts";
import type * as Page from "./page.tsx";

/** The props of a page with a hundred reviews. */
const PROPS: Page.PageProps = {
  visitor: "Mary",
  reviews: Array.from({ length: 100 }, (_, id) => ({ id, author: "Ada", text: `Review ${id}` })),
};

/** Builds the page for a server. */
export function buildPages({ command }: TestServer, outDir: string): Promise<BuiltModule> {
  return buildModule({
    entry: new URL("page.tsx", import.meta.url),
    outDir,
    jsockdExec: command,
  });
}

/** Returns a function that renders the page with a client. */
export function pageRenderer(client: CommandClient): () => Promise<string> {
  const render = client.command((page: typeof Page, props: Page.PageProps) => page.render(props));
  return () => render(PROPS);
}

/** Resolves to a function that renders the page in this process, with React's production build. */
export async function localPageRenderer(): Promise<() => Promise<string>> {
  // React chooses its build when it is loaded.
  Deno.env.set("NODE_ENV", "production");
  const { render } = await import("./page.tsx");
  return () => Promise.resolve(render(PROPS));
}
