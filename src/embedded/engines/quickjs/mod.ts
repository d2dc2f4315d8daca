import {
  DEFAULT_MEMORY_BYTES,
  type EngineFiles,
  type EngineKind,
  LoadError,
  MessageError,
} from "../engine.ts";
import { reportException } from "../exceptions.ts";
import { frameMapper } from "../source_map.ts";
import { checkModule, loadModule } from "./modules.ts";
import { loadQuickJSParts } from "./parts.ts";
import { Runtime } from "./runtime.ts";

/** QuickJS, compiled to WebAssembly. */
export const quickjs: EngineKind = {
  async checkModule(module) {
    const runtime = await Runtime.create({
      isolated: false,
      ...await loadQuickJSParts(),
      maxRuntimeUs: Infinity,
      maxMemoryBytes: DEFAULT_MEMORY_BYTES,
      log: () => {},
      sendMessage: () => "null",
    });
    checkModule(runtime, module);
  },

  async evaluate(code, name, { module, sourceMap }: EngineFiles) {
    const runtime = await Runtime.create({
      isolated: false,
      ...await loadQuickJSParts(),
      maxRuntimeUs: Infinity,
      maxMemoryBytes: DEFAULT_MEMORY_BYTES,
      log: (_level, message) => console.error(message),
      sendMessage: () => {
        throw new MessageError("There is no client to answer");
      },
    });
    const { context } = runtime;
    if (module !== undefined) context.setProp(context.global, "M", loadModule(runtime, module));
    const result = context.evalCode(code, name, { type: "global" });
    if (result.error === undefined) return runtime.show(result.value);
    const mapFrame = sourceMap !== undefined && module !== undefined
      ? frameMapper(sourceMap, module.name)
      : undefined;
    const { raw, pretty } = reportException(runtime.show(result.error), mapFrame);
    throw new LoadError(mapFrame === undefined ? raw : pretty.trim());
  },
};
