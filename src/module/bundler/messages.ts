import { resolve } from "@std/path";
import type { BuildFailure, Location, Message } from "esbuild";
import type { Place, Problem } from "./problems.ts";
import { GLOBALS } from "./globals_plugin.ts";
import { NODE } from "./node_built_ins.ts";
import { REMOTE } from "./resolver.ts";

/** Returns whether an error of esbuild lists errors in the sources. */
export function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

/** Converts a message of esbuild, which worked in `folder`. */
export function toProblem({ text, location, notes }: Message, folder: string): Problem {
  return {
    text,
    place: toPlace(location, folder),
    // Notes without a location are advice on how to configure esbuild.
    notes: notes.flatMap(({ text, location }) => {
      const place = toPlace(location, folder);
      return place === undefined ? [] : [{ text, place }];
    }),
  };
}

/** Converts a location of esbuild, which counts columns in bytes, from 0. */
function toPlace(location: Location | null, folder: string): Place | undefined {
  if (location === null) return undefined;
  const { file, line, column, lineText } = location;
  const before = new TextEncoder().encode(lineText).subarray(0, column);
  return {
    file: pathOf(file, folder),
    line,
    column: new TextDecoder().decode(before).length + 1,
    lineText,
  };
}

/** Returns the path of a module that esbuild names by a relative path or by namespace and path. */
export function pathOf(name: string, folder: string): string {
  const namespace = [GLOBALS, NODE, REMOTE].find((namespace) => name.startsWith(`${namespace}:`));
  return namespace === undefined ? resolve(folder, name) : name.slice(namespace.length + 1);
}
