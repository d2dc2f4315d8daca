import type { EngineKind, EngineName } from "../engines/engine.ts";

const PROGRAMS: Readonly<Record<EngineName, URL>> = {
  quickjs: new URL("./quickjs_worker.ts", import.meta.url),
  v8: new URL("./v8_worker.ts", import.meta.url),
};

/** Loads an engine, and nothing of the other. */
export async function loadEngine(name: EngineName): Promise<EngineKind> {
  return name === "v8"
    ? (await import("../engines/v8/mod.ts")).v8
    : (await import("../engines/quickjs/mod.ts")).quickjs;
}

/** The program of the workers that an engine runs in. */
export function workerProgram(engine: EngineName): URL {
  return PROGRAMS[engine];
}
