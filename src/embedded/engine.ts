import variant from "@jitl/quickjs-wasmfile-release-sync";
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from "quickjs-emscripten-core";

/** Compiles QuickJS. Once for all threads, which then share the machine code. */
export function compileEngine(): Promise<WebAssembly.Module> {
  const url = import.meta.resolve("npm:@jitl/quickjs-wasmfile-release-sync@^0.32.0/wasm");
  return WebAssembly.compile(Deno.readFileSync(new URL(url)));
}

/** Makes a QuickJS with memory of its own. */
export function instantiateEngine(engine: WebAssembly.Module): Promise<QuickJSWASMModule> {
  // The package's types are those of its CommonJS files, in which `default` is one step further down.
  const syncVariant = variant as unknown as QuickJSSyncVariant;
  return newQuickJSWASMModuleFromVariant(newVariant(syncVariant, { wasmModule: engine }));
}
