import { type BuildModuleOptions, type BuiltModule, checkBuildOptions } from "./build_options.ts";
import { build } from "./builder.ts";

/**
 * Builds a module: bundles a file and all that it imports to one ES module, has the server compile
 * it, and signs it. If nothing has changed since, what is there is used.
 *
 * Imports mean what they mean to Deno: `npm:`, `jsr:` and `https:` specifiers, the import map in the
 * `deno.json` above the entry, `node_modules` if there is one. Types are not checked. Packages are
 * taken as for web workers, in production. `setTimeout` without delay, `queueMicrotask` and
 * `MessageChannel`, which the runtime lacks, are provided to code that uses them; a timer with a
 * delay never runs, because a command is over when nothing is left to do.
 *
 * It takes the permissions `--allow-read`, `--allow-write` for `outDir`, and `--allow-run` for Deno
 * and the server. A program that loads what was built before needs none of them.
 *
 * @param options What to build, and how.
 * @returns What to spread into the configuration of a client of the same server.
 * @throws {JSockDClientError} `CONFIG` with each mistake in the sources, its file, line and column,
 * if an option makes no sense or a file cannot be written, `SPAWN` if the server does not start or is none, `PERMISSION` if
 * Deno was not given a permission.
 *
 * @example Build and use
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { initJSockDClient } from "@x/jsockd";
 * import { embeddedServer } from "@x/jsockd/embedded";
 * import { buildModule } from "@x/jsockd/module";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/site.ts`, "export const page = (title: string) => `<h1>${title}`;");
 * const jsockdExec = embeddedServer(); // or the path of your jsockd
 * const built = await buildModule({ entry: `${folder}/site.ts`, outDir: `${folder}/out`, jsockdExec });
 *
 * await using client = await initJSockDClient({ nThreads: 1, ...built }, jsockdExec);
 * assertEquals(await client.run("(site, title) => site.page(title)", "News"), "<h1>News");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function buildModule(options: BuildModuleOptions): Promise<BuiltModule> {
  const { module } = await build(checkBuildOptions(options));
  return module;
}
