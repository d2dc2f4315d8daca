import { assertEquals, assertStringIncludes } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import manifest from "../../deno.json" with { type: "json" };
import { ROOT } from "../support/checkout.ts";
import { runDeno, runToEnd, stdoutOf } from "../support/run_to_end.ts";
import type { Command } from "../support/server_process.ts";

/** The last version that is too old, from npm's cache. 'deno task old-deno' downloads it. */
const OLD_DENO: Command = ["npx", "--yes", "--offline", "deno@2.8.3"];
const ignore = !Deno.env.has("CI") && !await succeeds(OLD_DENO, ["--version"]);

/** Code that makes this runtime look like another one, or an older one, to a module. */
const DISGUISES = {
  "without Deno": "delete globalThis.Deno",
  "with Deno 2.8.3": `Object.defineProperty(Deno, "version", { value: { deno: "2.8.3" } })`,
};

/** Islands import it, so browsers do as well. */
const IN_BROWSERS = "./fresh/island";

Deno.test(`import '${IN_BROWSERS}' works when it runs without Deno`, async () => {
  const file = join(ROOT, manifest.exports[IN_BROWSERS]);
  const program = `${DISGUISES["without Deno"]}; await import("${toFileUrl(file)}")`;
  await stdoutOf(runDeno(["eval", "--cached-only", program]));
});

for (const [name, path] of Object.entries(manifest.exports)) {
  if (name === IN_BROWSERS) continue;
  const file = join(ROOT, path);

  for (const [runtime, disguise] of Object.entries(DISGUISES)) {
    Deno.test(`import '${name}' throws PLATFORM when it runs ${runtime}`, async () => {
      const program = `${disguise}; await import("${toFileUrl(file)}")`;
      const outcome = await runDeno(["eval", "--cached-only", program]);
      assertEquals(outcome.code, 1);
      assertStringIncludes(outcome.stderr, `JSockDClientError: Cannot use @x/jsockd ${runtime}`);
    });
  }

  Deno.test({
    name: `import '${name}' throws PLATFORM when it runs in a real Deno 2.8.3${
      ignore ? ": run 'deno task old-deno' once" : ""
    }`,
    ignore,
    fn: async () => {
      const outcome = await runToEnd(OLD_DENO, ["run", "--cached-only", file], {
        env: Deno.env.toObject(),
      });
      assertEquals(outcome.code, 1);
      assertStringIncludes(
        outcome.stderr,
        "JSockDClientError: Cannot use @x/jsockd with Deno 2.8.3, which is older than 2.9: run 'deno upgrade'",
      );
    },
  });
}

async function succeeds(command: Command, args: readonly string[]): Promise<boolean> {
  try {
    return (await runToEnd(command, args, { env: Deno.env.toObject() })).code === 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
