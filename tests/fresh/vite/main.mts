/**
 * Serves and builds an application with the real Vite and the plugin. The argument is its folder.
 * Prints what a test compares. Runs in a process of its own, since Vite keeps one for esbuild. Types
 * are checked apart (.mts), since those of Vite change the global ones.
 */
import { toFileUrl } from "@std/path";
import { build, createServer, type Plugin } from "vite";
import { jsockd, jsockdIslands } from "../../../src/fresh/mod.ts";

const root = Deno.args[0]!;
const config = { root, configFile: false as const, logLevel: "error" as const };
// The plugin has to fit Vite's own type.
const plugin: Plugin = jsockdIslands();

const vite = await createServer({
  ...config,
  appType: "custom",
  server: { middlewareMode: true, ws: false },
  plugins: [plugin],
});
const reloaded = Promise.withResolvers<void>();
vite.ws.send = () => reloaded.resolve();

// In the application of Vite's module runner, the package is that of this process.
const main = await vite.ssrLoadModule("/main.ts");
await using middleware: ReturnType<typeof jsockd> = main.middleware;
const render = async () => {
  const { default: island, page } = await import(toFileUrl(`${root}/islands/island.ts`).href);
  const response = await middleware({
    state: {},
    next: () =>
      Promise.resolve(new Response(page(island), { headers: { "content-type": "text/html" } })),
  });
  return await response.text();
};
console.log(main.jsockd === jsockd);
console.log(await render());

const file = `${root}/islands/island.ts`;
await Deno.writeTextFile(file, (await Deno.readTextFile(file)).replace("old", "new"));
await reloaded.promise;
console.log(await render());
await vite.close();

await build({
  ...config,
  plugins: [jsockdIslands()],
  build: {
    ssr: "main.ts",
    outDir: "out",
    rollupOptions: { output: { entryFileNames: "main.js" } },
  },
});
console.log((await Deno.readTextFile(`${root}/out/main.js`)).match(/from "(.*)"/)?.[1]);
await middleware.close();
Deno.exit();
