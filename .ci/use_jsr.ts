/** Removes the links to the stand-ins for `@std` from deno.json, so that imports resolve to JSR. */
const path = new URL("../deno.json", import.meta.url);
const { links: _, ...config } = JSON.parse(await Deno.readTextFile(path));
await Deno.writeTextFile(path, `${JSON.stringify(config, null, 2)}\n`);
