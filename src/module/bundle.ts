import { JSockDClientError } from "../errors.ts";
import type { Bundle, BundleAnswer, BundleRequest } from "./bundler/main.ts";
import { toBuildError } from "./problems.ts";

// Never called. An import that stands in the text is cached with this module, so that the program
// starts without a network.
const _program = () => import("./bundler/main.ts");

/**
 * Bundles an entry and all that it imports to one ES module.
 *
 * @throws {JSockDClientError} `CONFIG` with all that is wrong in the sources, `SPAWN` if the program
 * that bundles does not run.
 */
export async function bundleModule(request: BundleRequest): Promise<Bundle> {
  const program = new URL("./bundler/main.ts", import.meta.url);
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
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
    ],
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  if (!success) {
    throw new JSockDClientError(
      "SPAWN",
      `Cannot bundle '${request.entry}': the bundler failed: ${decoder.decode(stderr).trim()}`,
    );
  }
  const answer: BundleAnswer = JSON.parse(decoder.decode(stdout));
  if ("problems" in answer) throw toBuildError(request.entry, answer.problems);
  return answer.bundle;
}
