/**
 * Builds modules for JSockD from TypeScript and JSX: bundles, compiles and signs them.
 *
 * @module
 */

import "../common/runtime_check.ts";

export type { ServerCommand } from "../config/config.ts";
export { buildModule } from "./build.ts";
export type { BuildModuleOptions, BuiltModule } from "./build_options.ts";
export type { Strip } from "./compile.ts";
export { generateKeyPair, type ModuleKeyFiles, type ModuleKeyPair } from "./key_pair.ts";
export { loadBuiltModule } from "./manifest.ts";
export { type ReloadableClient, watchModule, type WatchModuleOptions } from "./watch.ts";
