import { callable, checkFields, type FieldChecks } from "../config/field_checks.ts";
import { messageOf } from "../common/errors.ts";
import { BUILD_CHECKS, type BuildModuleOptions, type BuiltModule } from "./build_options.ts";
import { ModuleWatcher } from "./module_watcher.ts";

/** Options of a watcher: those of the build, the client to reload, and callbacks. */
export interface WatchModuleOptions extends BuildModuleOptions {
  /**
   * The client to reload. It must run the module that `buildModule` built with the same options.
   */
  client: ReloadableClient;
  /** Called once the client's server runs a new build. */
  onBuild?: (module: BuiltModule) => void;
  /**
   * Called when the sources have errors or the server could not be reloaded. The server keeps
   * running its previous build. Default: writes the message to stderr.
   */
  onError?: (error: unknown) => void;
  /** Stops the watcher, and aborts a build that runs. */
  signal?: AbortSignal;
}

/** A client whose server can be reloaded, such as a `JSockDClient`. */
export interface ReloadableClient {
  /** Replaces the running server by one with another module. */
  reload(module: BuiltModule): Promise<void>;
}

const CHECKS: FieldChecks<WatchModuleOptions> = {
  ...BUILD_CHECKS,
  client: (value) => isReloadable(value) ? undefined : "a client with a method reload()",
  onBuild: callable,
  onError: callable,
};

/**
 * Watches a module: rebuilds it each time a source file or the project's configuration changes, and
 * reloads the client's server, without losing a command. While the sources have errors, the server
 * keeps running the last build, and can be restarted with it.
 *
 * Needs the same permissions as {@linkcode buildModule}.
 *
 * @param options The options of the build, the client to reload, and callbacks.
 * @returns An object that stops the watcher when it is disposed. The promise resolves once changes
 * are noticed.
 * @throws {JSockDClientError} `CONFIG` if an option is unknown or its value is not allowed. As
 * {@linkcode buildModule}, if the first build fails for another reason than errors in the sources.
 * @throws The signal's reason, if it aborts before the watcher has started.
 *
 * @example Development
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { initJSockDClient } from "@x/jsockd";
 * import { embeddedServer } from "@x/jsockd/embedded";
 * import { buildModule, watchModule } from "@x/jsockd/module";
 *
 * const folder = await Deno.makeTempDir();
 * await using cleanUp = new AsyncDisposableStack();
 * cleanUp.defer(() => Deno.remove(folder, { recursive: true }));
 * const entry = `${folder}/site.ts`;
 * await Deno.writeTextFile(entry, "export const title = 'old';");
 * const options = { entry, outDir: `${folder}/out`, jsockdExec: embeddedServer() };
 * const config = { nThreads: 1, ...await buildModule(options) };
 * await using client = await initJSockDClient(config, options.jsockdExec);
 *
 * const built = Promise.withResolvers<unknown>();
 * await using _watcher = await watchModule({ ...options, client, onBuild: built.resolve });
 * await Deno.writeTextFile(entry, "export const title = 'new';");
 * await built.promise;
 * assertEquals(await client.run("(site) => site.title"), "new");
 * ```
 */
export async function watchModule(options: WatchModuleOptions): Promise<AsyncDisposable> {
  const { client, onBuild = () => {}, onError = logError, signal, ...buildOptions } = checkFields(
    options,
    CHECKS,
    "watch options",
  );
  signal?.throwIfAborted();
  const watcher = await ModuleWatcher.start({ ...buildOptions, ...signal && { signal } }, {
    reload: (module) => client.reload(module),
    onBuild,
    onError,
  });
  if (signal?.aborted) {
    await watcher[Symbol.asyncDispose]();
    throw signal.reason;
  }
  const stop = () => void watcher[Symbol.asyncDispose]();
  signal?.addEventListener("abort", stop);
  return {
    async [Symbol.asyncDispose]() {
      signal?.removeEventListener("abort", stop);
      await watcher[Symbol.asyncDispose]();
    },
  };
}

function isReloadable(value: unknown): boolean {
  return typeof value === "object" && value !== null && "reload" in value &&
    typeof value.reload === "function";
}

function logError(error: unknown): void {
  console.error(messageOf(error));
}
