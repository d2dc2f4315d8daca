import type { JSockDClient } from "../client/client.ts";
import { type JSockDConfig, resolveConfig } from "../config/config.ts";
import { boolean, checkFields } from "../config/field_checks.ts";
import { IslandsApp } from "./islands_app.ts";
import { ISLANDS_CHECKS, type IslandsOptions } from "./options.ts";

/** Options of {@linkcode jsockd}. */
export interface JSockDOptions extends IslandsOptions {
  /**
   * The client's configuration. `maxCommandRuntimeUs` is the time limit of one island. Default: the
   * client's, with one thread.
   */
  config?: Partial<JSockDConfig>;
  /**
   * Whether SIGTERM and SIGINT end the process: it lets the pages that are being served finish, for
   * 10 s at most, closes the client, and exits. If false, close the middleware yourself. Default
   * true.
   */
  exitOnSignal?: boolean;
}

/** The used parts of the context that Fresh passes to a middleware. */
export interface FreshContext {
  /** The state of the request. The client is put on it, as `jsockd`. */
  readonly state: unknown;
  /** When the response is sent, as `Deno.serve` tells it. */
  readonly info?: { readonly completed?: Promise<void> };
  /** Calls the next middleware. */
  next(): Promise<Response>;
}

/** What the middleware puts on the state. */
export interface JSockDState {
  /** The client, which runs the islands, and whatever else you send it. */
  jsockd: JSockDClient;
}

/** A middleware for an application's `use`. */
export interface JSockDMiddleware extends AsyncDisposable {
  /** Serves a request. */
  (ctx: FreshContext): Promise<Response>;
  /** Lets pages finish, and closes the client. The middleware serves no more. */
  close(): Promise<void>;
}

const CHECKS = {
  ...ISLANDS_CHECKS,
  config: () => undefined,
  exitOnSignal: boolean,
};

/**
 * A middleware for Fresh that renders the islands marked with `jsockdIsland` in JSockD. It starts
 * one client with the islands that `buildIslands` or the plugin for Vite has built, puts it on
 * `ctx.state.jsockd`, fills each page with its islands, and closes the client at the end.
 *
 * Islands of a page are rendered at once, while Fresh renders the rest. The page is sent when all
 * are there. One that throws, takes too long or has props that are not JSON shows its fallback, and
 * its error is on stderr. If the client cannot be started, all islands show theirs, `state.jsockd`
 * throws the error, and the next page tries again.
 *
 * @param options Where the application is, the server, and the client's configuration.
 * @returns The middleware. Put it before the routes.
 * @throws {JSockDClientError} `CONFIG` if an option is unknown or its value is not allowed.
 *
 * @example In `main.ts`
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { buildIslands, jsockd } from "@x/jsockd/fresh";
 *
 * // The application's folder: in the application itself, leave it and `root` out.
 * const root = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${root}/deno.json`, '{"imports":{"preact":"npm:preact@^10.26.0"}}');
 * await buildIslands({ root });
 * await using middleware = jsockd({ root }); // new App().use(jsockd()).fsRoutes()
 *
 * const next = () => Promise.resolve(new Response("page"));
 * const response = await middleware({ state: {}, next });
 * assertEquals(await response.text(), "page");
 * await middleware.close();
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export function jsockd(options: JSockDOptions = {}): JSockDMiddleware {
  const checked = checkFields(options, CHECKS, "options of jsockd()");
  resolveConfig(checked.config ?? {});
  const app = IslandsApp.of(checked);
  return Object.assign((ctx: FreshContext) => app.serve(ctx), {
    close: () => app.close(),
    [Symbol.asyncDispose]: () => app.close(),
  });
}
