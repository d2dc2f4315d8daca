/**
 * The script of a worker that runs commands on V8.
 *
 * @module
 */

import { V8Engine, type V8Parts } from "../engines/v8/engine.ts";
import { runWorker } from "./worker.ts";

runWorker(({ options, parts }, host) => V8Engine.create(parts as V8Parts, options, host));
