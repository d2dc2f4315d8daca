/** Stands in for `fresh/dev`. It prints the port that it listens on. */
import { App } from "./fresh_app.mts";

export class Builder {
  async listen(load: () => Promise<{ app: App }>): Promise<void> {
    const { app } = await load();
    if (!(app instanceof App)) throw new TypeError("Expected an App");
    const handler = app.handler();
    const onListen = ({ port }: { port: number }) => console.log(port);
    Deno.serve({ hostname: "localhost", port: 0, onListen }, async (request, info) => {
      if (!request.url.endsWith("/hydrate.js")) return await handler(request, info);
      return new Response(await hydrate(), { headers: { "content-type": "text/javascript" } });
    });
  }

  async build(): Promise<void> {
    await Deno.mkdir("_fresh", { recursive: true });
    const server = `import { app } from "../main.ts"; export default { fetch: app.handler() };`;
    await Deno.writeTextFile("_fresh/server.js", server);
  }
}

async function hydrate(): Promise<Uint8Array<ArrayBuffer>> {
  const args = ["bundle", "--quiet", "--platform=browser", "hydrate.tsx"];
  return (await new Deno.Command(Deno.execPath(), { args }).output()).stdout;
}
