import { fromFileUrl, join } from "@std/path";

/** The path of the checkout. */
export const ROOT: string = fromFileUrl(new URL("../../", import.meta.url));

/** Resolves to the parsed contents of a JSON file in the checkout. */
// deno-lint-ignore no-explicit-any -- as JSON.parse
export async function readJson(path: string): Promise<any> {
  return JSON.parse(await Deno.readTextFile(join(ROOT, path)));
}
