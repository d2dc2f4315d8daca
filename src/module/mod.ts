/**
 * Makes modules for JSockD out of TypeScript and JSX: bundled, compiled, signed.
 *
 * @module
 */

export type { ServerCommand } from "../config.ts";
export { buildModule, type BuildModuleOptions, type BuiltModule } from "./build.ts";
export type { Strip } from "./compile.ts";
export { generateKeyPair, type ModuleKeyFiles, type ModuleKeyPair } from "./key_pair.ts";
