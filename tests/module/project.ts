import { dirname, join } from "@std/path";
import { initJSockDClient, type JSockDClient } from "../../mod.ts";
import { buildModule, type BuildModuleOptions, type BuiltModule } from "../../src/module/mod.ts";
import { quiet } from "../support/quiet.ts";
import type { TestServer } from "../conformance/servers.ts";
import { TempFolder } from "../support/temp_folder.ts";

/** A project of source files in a temporary folder. */
export class Project implements AsyncDisposable {
  readonly #folder: TempFolder;

  private constructor(folder: TempFolder) {
    this.#folder = folder;
  }

  /** Creates a project of files, by name. Its `deno.json` hides any in the folders above. */
  static async make(files: Readonly<Record<string, string>>): Promise<Project> {
    await using cleanUp = new AsyncDisposableStack();
    const project = new Project(cleanUp.use(await TempFolder.make()));
    for (const [name, text] of Object.entries({ "deno.json": "{}", ...files })) {
      await project.write(name, text);
    }
    cleanUp.move();
    return project;
  }

  /** Returns the path of a file. */
  path(name: string): string {
    return join(this.#folder.path, name);
  }

  /** The output folder of builds. */
  get outDir(): string {
    return this.path("out");
  }

  /** Writes or replaces a file at once, so that a watcher never sees a part of it. */
  async write(name: string, text: string): Promise<void> {
    await Deno.mkdir(dirname(this.path(name)), { recursive: true });
    await Deno.writeTextFile(this.path("written"), text);
    await Deno.rename(this.path("written"), this.path(name));
  }

  /** Builds `main.ts` or another entry point. */
  build(
    { command }: TestServer,
    { entry = "main.ts", ...options }: { entry?: string } & Partial<BuildModuleOptions> = {},
  ): Promise<BuiltModule> {
    return buildModule({
      entry: this.path(entry),
      outDir: this.outDir,
      jsockdExec: command,
      ...options,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]();
  }
}

/** Starts a client with a module. */
export function start({ command, version }: TestServer, built: BuiltModule): Promise<JSockDClient> {
  return initJSockDClient(quiet({ nThreads: 1, jsockdVersion: version, ...built }), command);
}
