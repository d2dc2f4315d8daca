import { checkFields } from "../config/field_checks.ts";
import { build, type DevelopmentBuild, writeEntry } from "./build.ts";
import { ISLANDS_CHECKS, type IslandsOptions } from "./options.ts";

/** The used parts of Vite's development server. */
export interface ViteServer {
  /** What watches the application's files. */
  readonly watcher: { on(event: "all", listener: () => void): unknown };
  /** The connection to the browser. */
  readonly ws: { send(message: { type: "full-reload" }): void };
}

/** The used parts of the context that Vite passes to a plugin's hooks. */
export interface VitePluginContext {
  /** The environment that a module is loaded in. */
  readonly environment?: { readonly config: { readonly consumer: string } };
}

/** A plugin for Vite. */
export interface VitePlugin {
  /** The plugin's name. */
  readonly name: string;
  /** Runs before Vite's own resolution. */
  readonly enforce: "pre";
  /** One plugin serves all environments. */
  readonly sharedDuringBuild: true;
  /** Keeps Vite from watching the build, whose files come and go. */
  config(): { server: { watch: { ignored: string[] } } };
  /** Learns the application's folder. */
  configResolved(config: { readonly root: string; readonly command: string }): void;
  /** Builds the islands. */
  buildStart(): Promise<void>;
  /** Reloads pages when islands have been built again. */
  configureServer(server: ViteServer): void;
  /** Keeps this package out of the server's bundle. */
  resolveId(
    this: VitePluginContext,
    id: string,
  ): string | { id: string; external: true } | undefined;
  /** Gives the server the modules of this process. */
  load(id: string): Promise<string | undefined>;
}

/** What the server imports of this package. */
const MODULES: Readonly<Record<string, () => Promise<object>>> = {
  "@x/jsockd": () => import("../../mod.ts"),
  "@x/jsockd/embedded": () => import("../embedded/mod.ts"),
  "@x/jsockd/fresh": () => import("./mod.ts"),
  "@x/jsockd/module": () => import("../module/mod.ts"),
  "@x/jsockd/protocol": () => import("../protocol/mod.ts"),
};

const PREFIX = "\0jsockd:";
const LOADED: unique symbol = Symbol.for("@x/jsockd/fresh modules");

/**
 * A plugin for Vite that builds what JSockD runs, next to `@fresh/plugin-vite`. While developing, it
 * watches the islands, and reloads pages once JSockD has the new ones.
 *
 * The package is not bundled into the server: the built server imports it, so `deno.json` has to be
 * there at run time.
 *
 * @param options Where the application is, and the server. Default: Vite's root, and V8.
 * @returns The plugin.
 * @throws {JSockDClientError} `CONFIG` if an option is unknown or its value is not allowed.
 *
 * @example In `vite.config.ts`
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { jsockdIslands } from "@x/jsockd/fresh";
 *
 * const config = { plugins: [jsockdIslands()] }; // defineConfig({ plugins: [fresh(), jsockdIslands()] })
 * assertEquals(config.plugins[0]!.name, "jsockd");
 * ```
 */
export function jsockdIslands(options: IslandsOptions = {}): VitePlugin {
  const checked = checkFields(options, ISLANDS_CHECKS, "options of jsockdIslands()");
  let found: IslandsOptions = checked;
  let isDevelopment = false;
  let building: Promise<DevelopmentBuild> | undefined;
  let reload: (() => void) | undefined;
  return {
    name: "jsockd",
    enforce: "pre",
    sharedDuringBuild: true,
    config: () => ({ server: { watch: { ignored: ["**/_jsockd/**"] } } }),
    configResolved({ root, command }) {
      found = { root, ...checked };
      isDevelopment = command === "serve";
    },
    async buildStart() {
      // Vite calls this for each environment.
      const built = await (building ??= build(found));
      if (reload !== undefined) built.onBuild = reload;
    },
    configureServer({ watcher, ws }) {
      reload = () => ws.send({ type: "full-reload" });
      // An island may have got its mark, or a file of its own.
      watcher.on("all", () => void writeEntry(found).catch((error) => console.error(error)));
    },
    resolveId(id) {
      if (!Object.hasOwn(MODULES, id)) return undefined;
      if (this.environment?.config.consumer === "client") return undefined;
      return isDevelopment ? PREFIX + id : { id, external: true };
    },
    async load(id) {
      if (!id.startsWith(PREFIX)) return undefined;
      const name = id.slice(PREFIX.length);
      const module = await MODULES[name]!();
      const loaded = (globalThis as { [LOADED]?: Record<string, object> })[LOADED] ??= {};
      loaded[name] = module;
      return [
        `const module = globalThis[Symbol.for("${LOADED.description}")][${JSON.stringify(name)}];`,
        ...Object.keys(module).map((key) => `export const ${key} = module.${key};`),
      ].join("\n");
    },
  };
}
