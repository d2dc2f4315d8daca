import { embeddedExecutable } from "../release/archives.ts";
import { readJson } from "../support/checkout.ts";
import { ProjectCopy } from "./project_copy.ts";

/** What its `deno.json` imports and the npm registry has: all but Fresh itself. */
const AVAILABLE = ["@x/jsockd", "preact", "preact-render-to-string"];

/**
 * A copy of the Fresh example, with the files of `tests/examples/fresh` and an executable
 * `embedded_jsockd` beside its own.
 */
export async function copyFreshExample(): Promise<ProjectCopy> {
  const { tasks, imports, compilerOptions } = await readJson("examples/fresh/deno.json");
  await using stack = new AsyncDisposableStack();
  const copy = stack.use(
    await ProjectCopy.make(["examples/fresh", "tests/examples/fresh"], {
      tasks,
      imports: Object.fromEntries(AVAILABLE.map((name) => [name, imports[name]])),
      compilerOptions,
    }),
  );
  await Deno.writeFile(copy.path("embedded_jsockd"), embeddedExecutable(), { mode: 0o700 });
  stack.move();
  return copy;
}
