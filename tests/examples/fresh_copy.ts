import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { embeddedExecutable } from "../release/archives.ts";
import { TempFolder } from "../support/temp_folder.ts";

const ROOT = new URL("../../", import.meta.url);
const EMBEDDED = "embedded_jsockd";

/**
 * A copy of the Fresh example in a folder of its own, with its own `deno.json`, but for what only
 * JSR has, Fresh itself, and Vite. Beside it are the files of `tests/examples/fresh`.
 */
export class FreshCopy implements AsyncDisposable {
  readonly #folder: TempFolder;

  private constructor(folder: TempFolder) {
    this.#folder = folder;
  }

  /** Makes one. */
  static async make(): Promise<FreshCopy> {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(await TempFolder.make());
    for (const source of ["examples/fresh", "tests/examples/fresh"]) {
      await copyTree(fromFileUrl(new URL(source, ROOT)), folder.path);
    }
    await Deno.writeTextFile(join(folder.path, "deno.json"), JSON.stringify(await configuration()));
    await Deno.writeFile(join(folder.path, EMBEDDED), embeddedExecutable(), { mode: 0o700 });
    stack.move();
    return new FreshCopy(folder);
  }

  /** Runs Deno in it, on the embedded server or another one, and gives what that prints. */
  async deno(
    args: readonly string[],
    jsockd = join(this.#folder.path, EMBEDDED),
  ): Promise<string> {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...args],
      cwd: this.#folder.path,
      env: { NO_COLOR: "1", JSOCKD: jsockd },
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    assertEquals(code, 0, decoder.decode(stderr));
    return decoder.decode(stdout);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]();
  }
}

async function configuration(): Promise<unknown> {
  const readJson = async (path: string) => JSON.parse(await Deno.readTextFile(new URL(path, ROOT)));
  const { tasks, imports, compilerOptions } = await readJson("examples/fresh/deno.json");
  const { links } = await readJson("deno.json");
  const available = ["@x/jsockd", "preact", "preact-render-to-string"];
  return {
    tasks,
    imports: Object.fromEntries(available.map((name) => [name, imports[name]])),
    compilerOptions: { ...compilerOptions, types: [] },
    links: ["", ...links].map((link) => fromFileUrl(new URL(link, ROOT))),
  };
}

async function copyTree(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (["_fresh", "_jsockd", "node_modules"].includes(name)) continue;
    if (isDirectory) await copyTree(join(from, name), join(to, name));
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}
