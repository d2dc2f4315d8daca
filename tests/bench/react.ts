import type { JSockDClient } from "../../mod.ts";
import { serverModuleOptions } from "../../examples/react_ssr/build.ts";
import type * as Pages from "../../examples/react_ssr/server.tsx";
import { buildModule } from "../../src/module/mod.ts";
import type { TestServer } from "../conformance/servers.ts";
import { TempFolder } from "../support/temp_folder.ts";
import type { Case } from "./cases.ts";
import { callersRate, inTurns, startClient } from "./measure.ts";

const CALLERS = 16;
const TURN_MS = 300;

const PAGE: Pages.PageRequest = {
  page: "home",
  props: {
    visitor: "Mary",
    reviews: Array.from({ length: 100 }, (_, id) => ({ id, author: "Ada", text: `Review ${id}` })),
  },
};

/** How much faster two threads render the React example's page, and how fast V8 does in one. */
export const measureReact: Case = {
  name: "React page of 100 reviews: 2 threads against 1",
  target: { atLeast: 1.5 },
  async measure(server: TestServer) {
    await using folder = await TempFolder.make();
    const serverModule = await buildModule(serverModuleOptions(server.command, folder.path));
    await using twoThreaded = await startClient(server, { ...serverModule, nThreads: 2 });
    await using oneThreaded = await startClient(server, { ...serverModule, nThreads: 1 });
    const { render } = await importPages();
    const { two, one, v8 } = await inTurns({
      two: renders(twoThreaded),
      one: renders(oneThreaded),
      v8: async () => (await callersRate(1, TURN_MS, () => Promise.resolve(render(PAGE)))).rate,
    });
    return {
      ratio: two / one,
      detail: `${two.toFixed(0)}/s, ${one.toFixed(0)}/s; in V8, in this process, ${
        v8.toFixed(0)
      }/s`,
    };
  },
};

function renders(client: JSockDClient): () => Promise<number> {
  const render = client.command((pages: typeof Pages, page: Pages.PageRequest) =>
    pages.render(page)
  );
  return async () => (await callersRate(CALLERS, TURN_MS, () => render(PAGE))).rate;
}

/** React chooses between development and production when it is loaded. */
async function importPages(): Promise<typeof Pages> {
  Deno.env.set("NODE_ENV", "production");
  return await import("../../examples/react_ssr/server.tsx");
}
