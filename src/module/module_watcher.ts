import type { BuildModuleOptions, BuiltModule } from "./build_options.ts";
import { type Build, build } from "./builder.ts";
import { FileWatcher } from "./file_watcher.ts";
import { areUnchanged, type FileHashes } from "./bundler/hash.ts";
import { SourceError } from "./source_error.ts";

/** What the watcher does with a build. */
export interface BuildActions {
  /** Reloads the server with a module. */
  readonly reload: (module: BuiltModule) => Promise<void>;
  /** Called once the server runs the module. */
  readonly onBuild: (module: BuiltModule) => void;
  /** Called when a build or a reload has failed. */
  readonly onError: (error: unknown) => void;
}

/** Rebuilds a module and reloads the server each time an input changes. */
export class ModuleWatcher implements AsyncDisposable {
  readonly #options: BuildModuleOptions;
  readonly #actions: BuildActions;
  readonly #stopping = new AbortController();
  /** Aborts a build that runs. */
  readonly #signal: AbortSignal;
  readonly #files = new FileWatcher(() => this.#changed.resolve());
  #changed = Promise.withResolvers<void>();
  /** The folder of the build that the server runs. */
  #inUse: string | undefined;
  /** The inputs of a failed build, which would fail again until one of them changes. */
  #failedOn: FileHashes | undefined;
  #followed: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  private constructor(options: BuildModuleOptions, actions: BuildActions) {
    this.#options = options;
    this.#actions = actions;
    const { signal = this.#stopping.signal } = options;
    this.#signal = AbortSignal.any([this.#stopping.signal, signal]);
  }

  /**
   * Starts a watcher. If there is an up-to-date build, the server is assumed to run it. Otherwise
   * the module is built and the server reloaded first.
   *
   * @param options Options of the build. Their signal aborts a build that runs.
   * @throws {JSockDClientError} As `build()`, if that fails for another reason than the sources.
   */
  static async start(options: BuildModuleOptions, actions: BuildActions): Promise<ModuleWatcher> {
    const watcher = new ModuleWatcher(options, actions);
    await watcher.#update(({ isNew }) => !isNew);
    watcher.#followed = watcher.#followChanges();
    return watcher;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
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
        // The folder of a missing input may have appeared, and must be watched from now on.
        return this.#watch(this.#failedOn);
      }
      this.#failedOn = undefined;
      const built = await this.#build();
      if (this.#stopped !== undefined) return;
      const hasReloaded = !isInUse(built);
      if (hasReloaded) await this.#actions.reload(built.module);
      this.#inUse = built.folder;
      if (hasReloaded) this.#actions.onBuild(built.module);
    } catch (error) {
      if (error === this.#signal.reason) return;
      // Nothing is known of the inputs, so no change would be noticed.
      if (!this.#files.isWatching) throw error;
      this.#actions.onError(error);
    }
  }

  async #build(): Promise<Build> {
    try {
      const built = await build({ ...this.#options, signal: this.#signal }, this.#inUse);
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

  /** Watches the inputs. If that starts only now, checks them again for changes just before. */
  #watch(inputs: FileHashes): void {
    if (this.#files.watch(Object.keys(inputs))) this.#changed.resolve();
  }
}
