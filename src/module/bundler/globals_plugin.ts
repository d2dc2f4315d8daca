import type { Plugin } from "esbuild";
import { GLOBALS_MODULE } from "./globals.ts";

/** The path and namespace of the module of {@linkcode GLOBALS_MODULE}. */
export const GLOBALS = "globals";

/** Has esbuild put in place of globals that the runtime lacks what stands in for them. */
export const globalsPlugin: Plugin = {
  name: GLOBALS,
  setup(build) {
    build.onResolve(
      { filter: /^globals$/ },
      ({ kind, path }) =>
        kind === "entry-point" ? { path, namespace: GLOBALS, sideEffects: false } : undefined,
    );
    build.onLoad({ filter: /./, namespace: GLOBALS }, () => ({ contents: GLOBALS_MODULE }));
  },
};
