/**
 * Renders islands of a [Fresh](https://fresh.deno.dev) application in JSockD: the server's HTML
 * comes from JSockD, with a time limit, and the browser hydrates the same component. It works with
 * Fresh's Builder and with its plugin for Vite, and imports nothing of Fresh.
 *
 * Islands are marked in their own files, with `jsockdIsland` of `@x/jsockd/fresh/island`.
 *
 * @module
 */

import "../common/runtime_check.ts";

export type { JSockDClient } from "../client/client.ts";
export type { JSockDConfig, ServerCommand } from "../config/config.ts";
export { buildIslands } from "./build.ts";
export {
  type FreshContext,
  jsockd,
  type JSockDMiddleware,
  type JSockDOptions,
  type JSockDState,
} from "./middleware.ts";
export type { IslandsOptions } from "./options.ts";
export { jsockdIslands, type VitePlugin, type VitePluginContext, type ViteServer } from "./vite.ts";
