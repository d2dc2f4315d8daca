/**
 * Prints whether this machine can run the tests of sandboxes. Import it to register them.
 *
 *     sandbox_test_case.ts
 */

/** What bubblewrap must be allowed to do, without what these tests are about. */
const PROBE = [
  ...["--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--proc", "/proc", "--"],
  ...["/usr/bin/prlimit", "--nproc=512", "--", "true"],
];

/** Why this machine cannot run sandboxes; undefined if it can. */
export const sandboxObstacle: string | undefined = Deno.build.os === "linux"
  ? findObstacle("/usr/bin/bwrap", PROBE)
  : `there is no bubblewrap for ${Deno.build.os}`;

/** Whether tests must run, or else fail. */
const required = Deno.build.os === "linux" && Deno.env.get("SANDBOX") === "required";

/**
 * Registers a test that needs a sandbox. Where bubblewrap cannot run, the test is ignored and its
 * name says why, unless the environment variable SANDBOX is `required`.
 *
 * @param obstacle Why the test cannot run here; undefined if it can.
 */
export function sandboxTest(
  name: string,
  fn: (context: Deno.TestContext) => Promise<void>,
  obstacle: string | undefined = sandboxObstacle,
): void {
  const ignore = obstacle !== undefined && !required;
  Deno.test({ name: ignore ? `${name} (ignored: ${obstacle})` : name, ignore, fn });
}

/** Runs a program, and returns what it says when it fails; undefined if it succeeds. */
export function findObstacle(program: string, args: readonly string[]): string | undefined {
  try {
    const { success, stderr } = new Deno.Command(program, { args: [...args] }).outputSync();
    if (success) return undefined;
    return new TextDecoder().decode(stderr).trim().replaceAll("\n", " | ") ||
      `${program} fails, and does not say why`;
  } catch (error) {
    return `${program} does not start: ${error}`;
  }
}

if (import.meta.main) {
  console.log(
    sandboxObstacle === undefined
      ? "Sandboxes: bubblewrap works here, all tests run."
      : `\n!!! SANDBOXES CANNOT RUN HERE: ${sandboxObstacle}\n!!! The tests that need one are ` +
        "ignored, and say so; those of the error that users get instead run.\n",
  );
}
