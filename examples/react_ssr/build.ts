import { fromFileUrl } from "@std/path";
import type { ServerCommand } from "@x/jsockd";
import type { BuildModuleOptions } from "@x/jsockd/module";

/** Returns the build options of the module that runs in JSockD. */
export function serverModuleOptions(
  jsockdExec: ServerCommand,
  outDir: string,
): BuildModuleOptions {
  return { entry: new URL("server.tsx", import.meta.url), outDir, jsockdExec };
}

/** Bundles the script for the browser with `deno bundle`. */
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
