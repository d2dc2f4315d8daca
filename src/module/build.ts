import { type BuildModuleOptions, type BuiltModule, checkBuildOptions } from "./build_options.ts";
import { build } from "./builder.ts";

/**
 * Builds a module: bundles an entry point and everything it imports into one ES module, compiles it
 * with the server, and signs it. If no input has changed since the last build, that build is used.
 *
 * Imports resolve as in Deno: `npm:`, `jsr:` and `https:` specifiers, the import map of the
 * `deno.json` above the entry point, `node_modules` if there is one. Types are not checked. From
 * npm packages come the files for web workers and production. The runtime has no `setTimeout`,
 * `queueMicrotask` or `MessageChannel`, so code that uses them gets replacements. A timer with a
 * delay never fires, because a command ends when it has nothing left to run.
 *
 * Of the built-in modules of Node.js those work that need nothing but JavaScript: `assert`,
 * `async_hooks`, `buffer`, `events`, `os`, `path`, `process`, `punycode`, `querystring`,
 * `string_decoder`, `tty`, `url` and `util`. The others, such as `fs` and `net`, can be imported.
 * Their functions throw when they are called, and name what imports them. Where a package has files
 * for browsers instead, those are used.
 *
 * Needs the permissions `--allow-read`, `--allow-write` for `outDir`, and `--allow-run` for Deno
 * and the server. A program that only loads a finished build needs none of them.
 *
 * @param options The entry point, the output folder, the server, and the build settings.
 * @returns The fields to spread into the configuration of a client of the same server.
 * @throws {JSockDClientError} `CONFIG` if the sources have errors, listed with file, line and
 * column, if an option is not valid, or if a file cannot be written. `SPAWN` if the server does not
 * start or is not a JSockD server. `PERMISSION` if Deno lacks a permission.
 * @throws The signal's reason, if it aborts before the module is built.
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
