import { join } from "@std/path";
import { readJson, ROOT } from "../support/checkout.ts";
import { runDeno, stdoutOf } from "../support/run_to_end.ts";
import { TempFolder } from "../support/temp_folder.ts";

/** Folders that are not copied: build outputs and installed packages. */
const NOT_COPIED = ["_fresh", "_jsockd", "build", "node_modules"];

/** A copy of an example outside the checkout, as a user's project. */
export class ProjectCopy implements AsyncDisposable {
  readonly #folder: TempFolder;

  private constructor(folder: TempFolder) {
    this.#folder = folder;
  }

  /**
   * Creates a copy.
   *
   * @param sources The folders to copy, relative to the root of the checkout.
   * @param config The `deno.json`. Imports of this package are linked to the checkout.
   */
  static async make(sources: readonly string[], config: object): Promise<ProjectCopy> {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(await TempFolder.make());
    for (const source of sources) await copyTree(join(ROOT, source), folder.path);
    const { links = [] } = await readJson("deno.json");
    await Deno.writeTextFile(
      join(folder.path, "deno.json"),
      JSON.stringify({
        ...config,
        links: ["", ...links].map((link) => join(ROOT, link)),
      }),
    );
    stack.move();
    return new ProjectCopy(folder);
  }

  /** Returns the path of a file in the copy. */
  path(name = ""): string {
    return join(this.#folder.path, name);
  }

  /** Runs Deno in the copy and returns its stdout. */
  deno(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    return stdoutOf(runDeno(args, { cwd: this.#folder.path, env }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]();
  }
}

async function copyTree(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (NOT_COPIED.includes(name)) continue;
    if (isDirectory) await copyTree(join(from, name), join(to, name));
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}
