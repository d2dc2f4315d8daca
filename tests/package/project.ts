import { fromFileUrl, join } from "@std/path";
import { cp } from "node:fs/promises";
import { readJson, ROOT } from "../support/checkout.ts";
import { type Outcome, runDeno } from "../support/run_to_end.ts";
import { TempFolder } from "../support/temp_folder.ts";

/** A project in a folder of its own that uses the package as it is published. */
export class Project implements AsyncDisposable {
  readonly #temp: TempFolder;

  private constructor(temp: TempFolder) {
    this.#temp = temp;
  }

  /**
   * Creates a project from files of this folder, next to a package made of files of the checkout.
   * Both use the checkout's lock file, so that Deno's cache has all dependencies, and the
   * checkout's stand-ins for `@std`, which users get from JSR.
   */
  static async make(files: readonly string[], packageFiles: readonly string[]): Promise<Project> {
    await using stack = new AsyncDisposableStack();
    const project = stack.use(new Project(await TempFolder.make()));
    for (const file of [...packageFiles, "deno.lock", ".ci/std"]) {
      await cp(join(ROOT, file), join(project.#temp.path, "package", file), { recursive: true });
    }
    for (const file of files) {
      const source = fromFileUrl(new URL(file, import.meta.url));
      await cp(source, join(project.path, file), { recursive: true });
    }
    // `workspace` describes the checkout's configuration. With it, Deno would drop the locked
    // versions of everything that the project's own configuration does not name.
    const { workspace: _, ...lock } = await readJson("deno.lock");
    await Deno.writeTextFile(join(project.path, "deno.lock"), JSON.stringify(lock));
    await project.configure({});
    stack.move();
    return project;
  }

  /** The path of the project. */
  get path(): string {
    return join(this.#temp.path, "project");
  }

  /** Writes the project's configuration. */
  async configure(compilerOptions: Record<string, boolean>): Promise<void> {
    // There are no links if the checkout takes '@std' from JSR.
    const { links = [], ...manifest } = await readJson("deno.json");
    const config = {
      imports: {
        [manifest.name]: `jsr:${manifest.name}@^${manifest.version}`,
        "expect-type": manifest.imports["expect-type"],
      },
      links: ["", ...links].map((folder) => join("../package", folder)),
      compilerOptions,
    };
    await Deno.writeTextFile(join(this.path, "deno.json"), JSON.stringify(config));
  }

  /** Runs Deno in the project's folder. */
  deno(...args: readonly string[]): Promise<Outcome> {
    return runDeno(args, { cwd: this.path });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#temp[Symbol.asyncDispose]();
  }
}
