import { abortSignal, callable, checkFields, type FieldChecks } from "../config/field_checks.ts";
import { messageOf } from "../common/errors.ts";
import { BUILD_CHECKS, type BuildModuleOptions, type BuiltModule } from "./build_options.ts";
import { ModuleWatcher } from "./module_watcher.ts";

/** What to watch, and who gets what is built. */
export interface WatchModuleOptions extends BuildModuleOptions {
  /** The client, which was started with what `buildModule` made of the same options. */
  client: ReloadableClient;
  /** Called when the client's server runs on a new build. */
  onBuild?: (module: BuiltModule) => void;
  /**
   * Called when something is wrong in the sources, or the server could not be reloaded; the one before
   * goes on. Default: the message is written to stderr.
   */
  onError?: (error: unknown) => void;
  /** Ends the watching. */
  signal?: AbortSignal;
}

/** What is needed of a client: a `JSockDClient` has it. */
export interface ReloadableClient {
  /** Has another server run on another module, in place of the present one. */
  reload(module: BuiltModule): Promise<void>;
}

const CHECKS: FieldChecks<WatchModuleOptions> = {
  ...BUILD_CHECKS,
  client: (value) => isReloadable(value) ? undefined : "a client, which has a method reload()",
  onBuild: callable,
  onError: callable,
  signal: abortSignal,
};

/**
 * Builds a module anew each time one of its sources changes, or what their imports mean, and reloads
 * the client's server, so that no command is lost. As long as something is wrong in the sources, the
 * server goes on with what it has, and finds it again if it has to restart.
 *
 * It takes the permissions that {@linkcode buildModule} takes.
 *
 * @param options What to watch, and who gets what is built.
 * @returns Resolves once changes are noticed, to what ends the watching when it is disposed of.
 * @throws {JSockDClientError} `CONFIG` if an option is unknown or has a value that it cannot have.
 * @throws The signal's reason, if it aborts before.
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
    "options of the watching",
  );
  signal?.throwIfAborted();
  const watcher = await ModuleWatcher.start(buildOptions, {
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
