/** A folder that is removed when it goes out of scope. */
export class TempFolder implements AsyncDisposable {
  /** Where it is. */
  readonly path: string;
  #removed = false;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes a new one. */
  static async make(): Promise<TempFolder> {
    // On macOS the folder for temporary files is reached by a symbolic link.
    return new TempFolder(await Deno.realPath(await Deno.makeTempDir({ prefix: "jsd" })));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#removed) return;
    this.#removed = true;
    await Deno.remove(this.path, { recursive: true });
  }
}
