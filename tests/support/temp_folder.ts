/** A temporary folder that is removed on disposal. */
export class TempFolder implements AsyncDisposable {
  /** The path of the folder. */
  readonly path: string;
  #removed = false;

  private constructor(path: string) {
    this.path = path;
  }

  /** Creates a folder. */
  static async make(): Promise<TempFolder> {
    // On macOS, the path of the system's temporary folder contains a symbolic link.
    return new TempFolder(await Deno.realPath(await Deno.makeTempDir({ prefix: "jsd" })));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#removed) return;
    this.#removed = true;
    await Deno.remove(this.path, { recursive: true });
  }
}
