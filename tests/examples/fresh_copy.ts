import { embeddedExecutable } from "../release/archives.ts";
import { readJson } from "../support/checkout.ts";
import { ProjectCopy } from "./project_copy.ts";

/** The example's imports without Fresh, which is not in the npm registry. */
const AVAILABLE = ["@x/jsockd", "preact", "preact-render-to-string"];

/**
 * Copies the Fresh example, adding the files in `tests/examples/fresh` and, as the executable
 * `embedded_jsockd`, the embedded server on QuickJS.
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
