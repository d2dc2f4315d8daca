import { join } from "@std/path/posix/join";
import { resolve } from "@std/path/posix/resolve";
import type { ServerCommand } from "../config/config.ts";
import { path } from "../config/field_checks.ts";
import { embeddedServer } from "../embedded/mod.ts";

/** Where the application is, and what renders its islands. */
export interface IslandsOptions {
  /**
   * The application's folder, as a path. It holds the folder `islands`, and the build in `_jsockd`.
   * Default: the current folder; with Vite, Vite's root.
   */
  root?: string;
  /**
   * The server that renders. It must be the same where islands are built and where they are served.
   * Default: the embedded server on V8.
   */
  jsockdExec?: ServerCommand;
}

/** Checks for the values of the options. */
export const ISLANDS_CHECKS = {
  root: path,
  jsockdExec: (value: unknown) =>
    typeof value === "string" || Array.isArray(value) ? undefined : "a server command",
};

/** Returns the folder of the build, and the server. */
export function locate({ root = ".", jsockdExec }: IslandsOptions) {
  const folder = resolve(root, "_jsockd");
  return {
    root: resolve(root),
    entry: join(folder, "islands.js"),
    outDir: join(folder, "build"),
    jsockdExec: jsockdExec ?? embeddedServer({ engine: "v8" }),
  };
}
