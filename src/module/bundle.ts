import { JSockDClientError } from "../common/errors.ts";
import type { Bundle, BundleAnswer, BundleRequest } from "./bundler/main.ts";
import type { FileHashes } from "./bundler/hash.ts";
import { runDeno } from "./bundler/run_deno.ts";
import { SourceError } from "./source_error.ts";

// Never called. An import that stands in the text is cached with this module, so that the program
// starts without a network.
const _program = () => import("./bundler/main.ts");

/** A bundle, and the files, there or not, that it depends on. */
export interface BundledModule {
  readonly bundle: Bundle;
  readonly inputs: FileHashes;
}

/**
 * Bundles an entry and all that it imports to one ES module.
 *
 * @throws {SourceError} If something is wrong in the sources.
 * @throws {JSockDClientError} `SPAWN` if the program that bundles fails.
 */
export async function bundleModule(request: BundleRequest): Promise<BundledModule> {
  const program = new URL("./bundler/main.ts", import.meta.url);
  const { success, stdout, stderr } = await runDeno([
    "run",
    "--quiet",
    "--no-prompt",
    // A checkout's configuration says what its imports mean; a published module needs none.
    ...program.protocol === "file:" ? [] : ["--no-config"],
    "--allow-read",
    "--allow-env",
    "--allow-run",
    program.href,
    JSON.stringify(request),
  ]);
  if (!success) {
    throw new JSockDClientError(
      "SPAWN",
      `Cannot bundle '${request.entry}': the bundler failed: ${stderr}`,
    );
  }
  const { outcome, inputs }: BundleAnswer = JSON.parse(stdout);
  if ("problems" in outcome) throw new SourceError(request.entry, outcome.problems, inputs);
  return { bundle: outcome.bundle, inputs };
}
