import { fromFileUrl, join } from "@std/path";

/** The folder of the checkout. */
export const ROOT: string = fromFileUrl(new URL("../../", import.meta.url));

/** Reads JSON in the checkout. */
// deno-lint-ignore no-explicit-any -- as JSON.parse
export async function readJson(path: string): Promise<any> {
  return JSON.parse(await Deno.readTextFile(join(ROOT, path)));
}
