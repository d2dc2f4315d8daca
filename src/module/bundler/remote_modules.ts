import { runDeno } from "./run_deno.ts";

/**
 * A program that reads remote modules by their URLs. It is run by `deno eval`, because only Deno
 * can find them in its cache.
 */
const PROGRAM = `
const read = async (url) => [url, (await import(url, { with: { type: "text" } })).default];
console.log(JSON.stringify(await Promise.all(Deno.args.map(read))));
`;

/**
 * Reads remote modules from Deno's cache.
 *
 * @param urls The URLs of the modules.
 * @param folder A folder of the project, whose configuration applies.
 * @returns The source texts, by URL.
 */
export async function readRemoteModules(
  urls: readonly string[],
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  if (urls.length === 0) return new Map();
  const { success, stdout, stderr } = await runDeno(
    ["eval", "--quiet", PROGRAM, ...urls],
    folder,
  );
  if (!success) throw new Error(stderr);
  return new Map(JSON.parse(stdout));
}
