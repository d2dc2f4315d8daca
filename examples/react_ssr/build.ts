import { fromFileUrl } from "@std/path";
import type { ServerCommand } from "@x/jsockd";
import type { BuildModuleOptions } from "@x/jsockd/module";

/** How the module that JSockD runs is built. */
export function serverModuleOptions(
  jsockdExec: ServerCommand,
  outDir: string,
): BuildModuleOptions {
  return { entry: new URL("server.tsx", import.meta.url), outDir, jsockdExec };
}

/** Bundles what the browser runs, by the esbuild that Deno brings. */
export async function buildBrowserScript(dev: boolean): Promise<string> {
  const entry = fromFileUrl(new URL("client.tsx", import.meta.url));
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      "--quiet",
      "--platform=browser",
      dev ? "--sourcemap=inline" : "--minify",
      entry,
    ],
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`Cannot bundle '${entry}':\n${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}
