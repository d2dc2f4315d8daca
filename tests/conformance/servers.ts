import { join } from "@std/path";
import { embeddedServer } from "../../src/embedded/mod.ts";
import { runToEnd } from "../support/run_to_end.ts";
import type { Command } from "../support/server_process.ts";
import { type Differences, differencesOf, EMBEDDED, V8 } from "./differences.ts";

/** A server to run the tests on. */
export interface TestServer {
  /** The prefix of the names of the server's tests. */
  readonly name: string;
  /** The command that starts the server. */
  readonly command: Command;
  /** The version that `-v` prints, without quotation marks; empty if it prints none. */
  readonly version: string;
  /** How the server differs from others. */
  readonly differences: Differences;
}

/**
 * The embedded server, and the executables that the environment variable `JSOCKD` lists, or else
 * the `jsockd` in `PATH`. A listed executable that does not start is included, so that its tests
 * fail.
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
