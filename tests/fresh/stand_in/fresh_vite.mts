/** Stands in for `@fresh/plugin-vite`. It prints the port that it listens on, and what it sends to browsers. */
import type { AddressInfo } from "node:net";
import type { Plugin } from "vite";
import * as freshApp from "./fresh_app.mts";

/** The modules that the plugin makes. */
const FRESH = "\0fresh";
const SERVER = "\0server";

export function fresh(): Plugin {
  let isBuild = false;
  return {
    name: "fresh",
    config: (_, { command }) => {
      isBuild = command === "build";
      return {
        appType: "custom",
        logLevel: "error",
        server: { port: 0 },
        build: {
          ssr: true,
          outDir: "_fresh",
          rollupOptions: { input: SERVER, output: { entryFileNames: "server.js" } },
        },
      };
    },
    resolveId(id) {
      if (id === "fresh") return isBuild ? { id, external: true } : FRESH;
      return id === SERVER ? id : undefined;
    },
    load(id) {
      if (id === SERVER) {
        return `import { app } from "/main.ts"; export default { fetch: app.handler() };`;
      }
      return id === FRESH ? "export const { App, staticFiles } = globalThis.freshApp;" : undefined;
    },
    configureServer(server) {
      Object.assign(globalThis, { freshApp });
      const { httpServer, middlewares, ws } = server;
      httpServer!.once("listening", () => {
        console.log((httpServer!.address() as AddressInfo).port);
      });
      ws.send = (message: unknown) => console.log(JSON.stringify(message));
      middlewares.use(async (_, response, next) => {
        try {
          const { app } = await server.ssrLoadModule("/main.ts") as { app: freshApp.App };
          const { promise: completed, resolve } = Promise.withResolvers<void>();
          response.on("close", resolve);
          const info = { completed } as Deno.ServeHandlerInfo;
          const page = await app.handler()(new Request("http://localhost/"), info);
          response.end(await page.text());
        } catch (error) {
          next(error);
        }
      });
    },
  };
}
