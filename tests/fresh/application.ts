import { dirname, join } from "@std/path";

/** A folder in the checkout, whose imports resolve as the checkout's. */
export class Application implements AsyncDisposable {
  /** The path of the folder. */
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** Writes the files, by their paths in the folder. */
  static async make(files: Readonly<Record<string, string>>): Promise<Application> {
    const dir = new URL(".", import.meta.url).pathname;
    const app = new Application(await Deno.makeTempDir({ dir, prefix: "app_" }));
    for (const [path, text] of Object.entries(files)) {
      const file = join(app.root, path);
      await Deno.mkdir(dirname(file), { recursive: true });
      await Deno.writeTextFile(file, text);
    }
    return app;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.root, { recursive: true });
  }
}
