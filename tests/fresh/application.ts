import { dirname } from "@std/path";
import manifest from "../../deno.json" with { type: "json" };
import { ProjectCopy } from "../examples/project_copy.ts";

/** Makes an application of files, by their paths. Its imports resolve as the checkout's. */
export async function makeApplication(
  files: Readonly<Record<string, string>>,
): Promise<ProjectCopy> {
  await using stack = new AsyncDisposableStack();
  const { name, version, imports: { preact } } = manifest;
  const imports = { [name]: `jsr:${name}@^${version}`, preact };
  const application = stack.use(await ProjectCopy.make([], { imports }));
  for (const [path, text] of Object.entries(files)) {
    const file = application.path(path);
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
  stack.move();
  return application;
}
