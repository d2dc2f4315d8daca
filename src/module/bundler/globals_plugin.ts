import type { Plugin } from "esbuild";
import { GLOBALS_MODULE } from "./globals.ts";

/** The path and the namespace of the module in {@linkcode GLOBALS_MODULE}. */
export const GLOBALS = "globals";

/** An esbuild plugin that loads the replacements for globals that the runtime lacks. */
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
