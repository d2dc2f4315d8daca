import { AsyncLocalStorage } from "node:async_hooks";
import { delay } from "@std/async/delay";
import type { JSockDClient } from "../client/client.ts";
import { initJSockDClient } from "../client/init.ts";
import { JSockDClientError, JSockDJSException, messageOf } from "../common/errors.ts";
import { type BuiltModule, loadBuiltModule, watchModule } from "../module/mod.ts";
import { developmentBuild } from "./build.ts";
import { type IslandServer, SERVER } from "./island_server.ts";
import type { FreshContext, JSockDOptions } from "./middleware.ts";
import { locate } from "./options.ts";
import { Page } from "./page.ts";
import { checkProps } from "./props.ts";

const RENDER = "(islands, { name, props }) => islands.render(name, props)";

const NONCE: unique symbol = Symbol.for("__freshNonce");

/** How long pages may take to finish when the process is to end. */
const DRAIN_MS = 10_000;

const requests = new AsyncLocalStorage<{ page: Page; client: JSockDClient | undefined }>();

const server: IslandServer = {
  begin(name, props) {
    const request = requests.getStore();
    return request?.page.add(render(request.client, name, props));
  },
};

/** Resolves to the HTML of an island, or to undefined if it has to show its fallback. */
async function render(
  client: JSockDClient | undefined,
  name: string,
  props: object,
): Promise<string | undefined> {
  try {
    checkProps(props);
    return await client?.run<string>(RENDER, { name, props });
  } catch (error) {
    console.error(`Cannot render the island '${name}': ${describe(error)}`);
    return undefined;
  }
}

function describe(error: unknown): string {
  if (!(error instanceof JSockDJSException)) return messageOf(error);
  const { errorMessage, trace: [first] } = error;
  if (errorMessage === "InternalError: interrupted") {
    return "it ran longer than its time limit, 'maxCommandRuntimeUs' of jsockd({ config })";
  }
  const place = first?.mapped ?? first;
  return place === undefined
    ? errorMessage
    : `${errorMessage}, at ${place.source}:${place.line}:${place.column}`;
}

/** What serves the islands of one application: its client, and the pages that are not sent yet. */
export class IslandsApp {
  /** By the folder of the build: development servers load `main.ts` again when it changes. */
  static readonly #apps = new Map<string, IslandsApp>();

  readonly #options: JSockDOptions;
  readonly #pages = new Set<Promise<unknown>>();
  readonly #resources = new AsyncDisposableStack();
  #client: Promise<JSockDClient> | undefined;
  #closed: Promise<void> | undefined;

  private constructor(options: JSockDOptions) {
    this.#options = options;
    Object.assign(globalThis, { [SERVER]: server });
    if (options.exitOnSignal !== false) this.#exitOnSignals();
  }

  /** Returns what serves the application, and starts it if it does not run. */
  static of(options: JSockDOptions): IslandsApp {
    const { outDir } = locate(options);
    const app = IslandsApp.#apps.get(outDir) ?? new IslandsApp(options);
    IslandsApp.#apps.set(outDir, app);
    return app;
  }

  async serve(ctx: FreshContext): Promise<Response> {
    if (this.#closed !== undefined) throw new Error("Cannot serve a page: jsockd() is closed");
    const client = await this.#clientFor(ctx.state as object);
    const response = this.#respond(ctx, client);
    const sent = response.then(() => ctx.info?.completed).catch(() => {});
    this.#pages.add(sent);
    void sent.then(() => this.#pages.delete(sent));
    return await response;
  }

  close(): Promise<void> {
    return this.#closed ??= this.#close();
  }

  async #close(): Promise<void> {
    IslandsApp.#apps.delete(locate(this.#options).outDir);
    const drained = new AbortController();
    await Promise.race([
      this.#drain().finally(() => drained.abort()),
      delay(DRAIN_MS, drained).catch(() => {}),
    ]);
    await this.#client?.catch(() => {});
    await this.#resources.disposeAsync();
  }

  async #drain(): Promise<void> {
    while (this.#pages.size > 0) await Promise.all(this.#pages);
  }

  /**
   * Puts the client on the state, and returns it. If it cannot be started, pages show fallbacks,
   * the state throws the error to whoever needs the client, and the next page tries again.
   */
  async #clientFor(state: object): Promise<JSockDClient | undefined> {
    try {
      const jsockd = await (this.#client ??= this.#startClient());
      Object.assign(state, { jsockd });
      return jsockd;
    } catch (error) {
      this.#client = undefined;
      console.error(`Cannot render islands: ${messageOf(error)}`);
      const get = () => {
        throw error;
      };
      Object.defineProperty(state, "jsockd", { get, configurable: true });
      return undefined;
    }
  }

  async #startClient(): Promise<JSockDClient> {
    const { outDir, jsockdExec } = locate(this.#options);
    const built = await loadIslands(outDir);
    await using started = new AsyncDisposableStack();
    const config = { nThreads: 1, ...this.#options.config, ...built };
    const client = started.use(await initJSockDClient(config, jsockdExec));
    const development = developmentBuild(outDir);
    if (development !== undefined) {
      const onBuild = () => development.onBuild?.();
      started.use(await watchModule({ ...development.options, client, onBuild }));
    }
    this.#resources.use(started.move());
    return client;
  }

  async #respond(ctx: FreshContext, client: JSockDClient | undefined): Promise<Response> {
    const page = new Page();
    const response = await requests.run({ page, client }, () => ctx.next());
    const isHtml = response.headers.get("content-type")?.startsWith("text/html");
    if (page.isEmpty || !isHtml) return response;
    const headers = new Headers(response.headers);
    headers.delete("content-length");
    const { status, statusText } = response;
    const html = await page.fill(await response.text());
    // Fresh keeps the nonce of the content security policy in a symbol of the response.
    return Object.assign(new Response(html, { status, statusText, headers }), {
      [NONCE]: (response as { [NONCE]?: string })[NONCE],
    });
  }

  #exitOnSignals(): void {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const exit = () => void this.close().finally(() => Deno.exit());
      Deno.addSignalListener(signal, exit);
      this.#resources.defer(() => Deno.removeSignalListener(signal, exit));
    }
  }
}

async function loadIslands(outDir: string): Promise<BuiltModule> {
  try {
    return await loadBuiltModule(outDir);
  } catch (cause) {
    throw new JSockDClientError(
      cause instanceof JSockDClientError ? cause.code : "CONFIG",
      `${
        messageOf(cause)
      }. Build the islands before they are served: buildIslands() in 'dev.ts' does, ` +
        "and so does jsockdIslands() in 'vite.config.ts'",
      { cause },
    );
  }
}
