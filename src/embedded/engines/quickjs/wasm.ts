import variant from "@jitl/quickjs-wasmfile-release-sync";
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from "quickjs-emscripten-core";

/** The memory that one QuickJS may take, in bytes. */
export const MAX_MEMORY_BYTES = 256 << 20;

/** What the package is built for; it cannot do with less. */
const INITIAL_MEMORY_BYTES = 16 << 20;

const WASM_PAGE_BYTES = 65_536;

/** Compiles QuickJS. Once for all threads, which then share the machine code. */
export function compileEngine(): Promise<WebAssembly.Module> {
  const url = import.meta.resolve("npm:@jitl/quickjs-wasmfile-release-sync@^0.32.0/wasm");
  return WebAssembly.compile(Deno.readFileSync(new URL(url)));
}

/** Makes a QuickJS with memory of its own. */
export function instantiateEngine(engine: WebAssembly.Module): Promise<QuickJSWASMModule> {
  // The package's types are those of its CommonJS files, in which `default` is one step further down.
  const syncVariant = variant as unknown as QuickJSSyncVariant;
  // QuickJS's own limit counts next to nothing in WebAssembly: the memory's maximum is what holds.
  const wasmMemory = new WebAssembly.Memory({
    initial: INITIAL_MEMORY_BYTES / WASM_PAGE_BYTES,
    maximum: MAX_MEMORY_BYTES / WASM_PAGE_BYTES,
  });
  return newQuickJSWASMModuleFromVariant(
    newVariant(syncVariant, { wasmModule: engine, wasmMemory }),
  );
}
