import { join } from "@std/path";
import { embeddedServer } from "../../src/embedded/mod.ts";
import { runToEnd } from "../support/run_to_end.ts";
import type { Command } from "../support/server_process.ts";
import { type Differences, differencesOf, EMBEDDED, V8 } from "./differences.ts";

/** A server that the suite is run against. */
export interface TestServer {
  /** Begins the names of its tests. */
  readonly name: string;
  /** Starts it. */
  readonly command: Command;
  /** What `-v` says it is, without quotation marks; empty if it says nothing. */
  readonly version: string;
  /** What is particular to it. */
  readonly differences: Differences;
}

/**
 * The embedded server, and each executable that the environment variable `JSOCKD` names, or a
 * `jsockd` on PATH. One that is named and does not start is not left out: its tests fail.
 */
export const servers: readonly TestServer[] = await Promise.all([
  describe("embedded", embeddedServer(), EMBEDDED),
  describe("v8", embeddedServer({ engine: "v8" }), V8),
  ...(await executables()).map((path) => describe(path.replace(/^.*\//, ""), path)),
]);

async function describe(
  name: string,
  server: string | readonly [string, ...string[]],
  differences?: Differences,
): Promise<TestServer> {
  const command: Command = typeof server === "string" ? [server] : server;
  const version = await versionOf(command);
  return { name, command, version, differences: differences ?? differencesOf(version) };
}

async function versionOf(command: Command): Promise<string> {
  try {
    const { stdout } = await runToEnd(command, ["-v"]);
    return /^jsockd "?([^"]*)"?$/.exec(stdout)?.[1] ?? "";
  } catch {
    return "";
  }
}

async function executables(): Promise<string[]> {
  const named = Deno.env.get("JSOCKD");
  if (named !== undefined) return named.split(":").filter((path) => path !== "");
  for (const folder of Deno.env.get("PATH")?.split(":") ?? []) {
    const path = join(folder, "jsockd");
    if (await isFile(path)) return [path];
  }
  return [];
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}
