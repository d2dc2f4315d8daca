import { JSockDClientError } from "../../mod.ts";

/**
 * Bundles the script of the page, with the libraries that it uses, so that the page loads nothing
 * from elsewhere. `page/main.ts` is not imported: nobody else should have to download those.
 *
 * @throws {JSockDClientError} `SPAWN` if it cannot be bundled.
 */
export async function bundlePageScript(): Promise<string> {
  const entry = new URL("./page/main.ts", import.meta.url);
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      "--quiet",
      // A checkout needs its import map; the published package has its imports resolved.
      ...entry.protocol === "file:" ? [] : ["--no-config"],
      "--platform=browser",
      "--minify",
      entry.href,
    ],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new JSockDClientError(
    "SPAWN",
    `Cannot bundle the script of the page: ${decoder.decode(stderr).trim()}`,
  );
}
