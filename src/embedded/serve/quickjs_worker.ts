/**
 * The script of a worker that runs commands in QuickJS.
 *
 * @module
 */

import { QuickJSEngine } from "../engines/quickjs/engine.ts";
import type { QuickJSParts } from "../engines/quickjs/parts.ts";
import { runWorker } from "./worker.ts";

runWorker(({ options, parts }, host) => QuickJSEngine.create(parts as QuickJSParts, options, host));
