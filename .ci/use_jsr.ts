/** Takes the links to the stand-ins for `@std` out of deno.json: its imports then mean JSR. */
const path = new URL("../deno.json", import.meta.url);
const { links: _, ...config } = JSON.parse(await Deno.readTextFile(path));
await Deno.writeTextFile(path, `${JSON.stringify(config, null, 2)}\n`);
