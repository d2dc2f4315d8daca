import type { BuildModuleOptions, BuiltModule } from "./build_options.ts";
import { type Build, build } from "./builder.ts";
import { FileWatcher } from "./file_watcher.ts";
import { areUnchanged, type FileHashes } from "./bundler/hash.ts";
import { SourceError } from "./source_error.ts";

/** What is done with builds. */
export interface BuildUse {
  /** Has a server run on a module. */
  readonly reload: (module: BuiltModule) => Promise<void>;
  /** Called when the server runs on it. */
  readonly onBuild: (module: BuiltModule) => void;
  /** Called when a build or a reload has failed. */
  readonly onError: (error: unknown) => void;
}

/** Builds a module anew, and has a server run on it, each time its sources change. */
export class ModuleWatcher implements AsyncDisposable {
  readonly #options: BuildModuleOptions;
  readonly #use: BuildUse;
  readonly #files = new FileWatcher(() => this.#changed.resolve());
  #changed = Promise.withResolvers<void>();
  /** The folder of the build that the server runs on. */
  #inUse: string | undefined;
  /** What the last build failed on: it would fail again until some of it changes. */
  #failedOn: FileHashes | undefined;
  #followed: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  private constructor(options: BuildModuleOptions, use: BuildUse) {
    this.#options = options;
    this.#use = use;
  }

  /** Begins to watch the module of a server that runs on the last build, if that is up to date. */
  static async start(options: BuildModuleOptions, use: BuildUse): Promise<ModuleWatcher> {
    const watcher = new ModuleWatcher(options, use);
    await watcher.#update(({ isNew }) => !isNew);
    watcher.#followed = watcher.#followChanges();
    return watcher;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#changed.resolve();
    await this.#followed;
    await this.#files[Symbol.asyncDispose]();
  }

  async #followChanges(): Promise<void> {
    for (;;) {
      await this.#changed.promise;
      if (this.#stopped !== undefined) return;
      this.#changed = Promise.withResolvers();
      await this.#update(({ folder }) => folder === this.#inUse);
    }
  }

  async #update(isInUse: (built: Build) => boolean): Promise<void> {
    try {
      if (this.#failedOn !== undefined && await areUnchanged(this.#failedOn)) {
        // A folder of a file that was not found may have appeared.
        return this.#watch(this.#failedOn);
      }
      this.#failedOn = undefined;
      const built = await this.#build();
      if (this.#stopped !== undefined) return;
      const hasReloaded = !isInUse(built);
      if (hasReloaded) await this.#use.reload(built.module);
      this.#inUse = built.folder;
      if (hasReloaded) this.#use.onBuild(built.module);
    } catch (error) {
      this.#use.onError(error);
    }
  }

  async #build(): Promise<Build> {
    try {
      const built = await build(this.#options, this.#inUse);
      this.#watch(built.inputs);
      return built;
    } catch (error) {
      if (error instanceof SourceError) {
        this.#failedOn = error.inputs;
        this.#watch(error.inputs);
      }
      throw error;
    }
  }

  /** What has happened before the files were watched is found by looking once more. */
  #watch(inputs: FileHashes): void {
    if (this.#files.watch(Object.keys(inputs))) this.#changed.resolve();
  }
}
