/**
 * A page to try the servers on: write a program, run it, stop it, kill its server, and watch.
 *
 * @module
 */

import "../common/runtime_check.ts";

export type { ServerCommand } from "../config/config.ts";
export { type Playground, type PlaygroundOptions, startPlayground } from "./playground.ts";
