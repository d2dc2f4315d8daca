import type { EngineKind } from "../engine.ts";
export const v8: EngineKind = undefined as unknown as EngineKind;
