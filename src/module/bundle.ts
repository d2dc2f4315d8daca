import { JSockDClientError } from "../common/errors.ts";
import { programArguments } from "../common/program_arguments.ts";
import type { Bundle, BundleRequest, BundleResponse } from "./bundler/main.ts";
import type { FileHashes } from "./bundler/hash.ts";
import { runDeno } from "./bundler/run_deno.ts";
import { SourceError } from "./source_error.ts";

// Never called. Because of this import, Deno caches the bundler together with this file, so that
// the bundler starts without a network.
const _program = () => import("./bundler/main.ts");

/** A bundle and its inputs. */
export interface BundledModule {
  readonly bundle: Bundle;
  /** All files that the bundle depends on, including missing ones. */
  readonly inputs: FileHashes;
}

/**
 * Bundles an entry point and everything it imports into one ES module.
 *
 * @param signal Ends the bundler when it aborts.
 * @throws {SourceError} If the sources have errors.
 * @throws {JSockDClientError} `SPAWN` if the bundler's process fails or is ended.
 */
export async function bundleModule(
  request: BundleRequest,
  signal: AbortSignal,
): Promise<BundledModule> {
  const program = new URL("./bundler/main.ts", import.meta.url);
  const { success, stdout, stderr } = await runDeno(
    [
      ...programArguments(program, ["--allow-read", "--allow-env", "--allow-run"]),
      JSON.stringify(request),
    ],
    ".",
    // Ctrl-C in a terminal reaches this program alone, which then decides about the bundler.
    { detached: true, stdin: "piped", signal },
  );
  if (!success) {
    throw new JSockDClientError(
      "SPAWN",
      `Cannot bundle '${request.entry}': the bundler failed: ${stderr}`,
    );
  }
  const { outcome, inputs }: BundleResponse = JSON.parse(stdout);
  if ("problems" in outcome) throw new SourceError(request.entry, outcome.problems, inputs);
  return { bundle: outcome.bundle, inputs };
}
