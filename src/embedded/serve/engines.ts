import type { EngineKind, EngineName } from "../engines/engine.ts";
import { loadQuickJSParts } from "../engines/quickjs/parts.ts";
import { readWebStreamsPolyfill } from "../engines/web_streams.ts";

const PROGRAMS: Readonly<Record<EngineName, URL>> = {
  quickjs: new URL("./quickjs_worker.ts", import.meta.url),
  v8: new URL("./v8_worker.ts", import.meta.url),
};

/** Loads an engine, but not the code of the other one. */
export async function loadEngine(name: EngineName): Promise<EngineKind> {
  return name === "v8"
    ? (await import("../engines/v8/mod.ts")).v8
    : (await import("../engines/quickjs/mod.ts")).quickjs;
}

/** Returns the URL of the script that an engine's workers run. */
export function workerProgram(engine: EngineName): URL {
  return PROGRAMS[engine];
}

/** Loads what the workers of an engine share, but not the engine: it runs only in the workers. */
export async function loadParts(engine: EngineName): Promise<unknown> {
  return engine === "v8" ? { webStreams: readWebStreamsPolyfill() } : await loadQuickJSParts();
}
