import { runDeno } from "./run_deno.ts";

/**
 * What reads modules, run by `deno eval` in the project: only Deno knows where it keeps them. Its
 * arguments are their addresses.
 */
const PROGRAM = `
const read = async (url) => [url, (await import(url, { with: { type: "text" } })).default];
console.log(JSON.stringify(await Promise.all(Deno.args.map(read))));
`;

/**
 * Reads modules of other hosts from where Deno keeps them.
 *
 * @param urls Their addresses.
 * @param folder A folder of the project.
 * @returns Their texts, by address.
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
