import variant from "@jitl/quickjs-wasmfile-release-sync";
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from "quickjs-emscripten-core";

/** The minimum that the WebAssembly module is built for. */
const INITIAL_MEMORY_BYTES = 16 << 20;

const WASM_PAGE_BYTES = 65_536;

/** Compiles QuickJS. All workers share the machine code. */
export function compileEngine(): Promise<WebAssembly.Module> {
  const url = import.meta.resolve("npm:@jitl/quickjs-wasmfile-release-sync@^0.32.0/wasm");
  return WebAssembly.compile(Deno.readFileSync(new URL(url)));
}

/** WebAssembly cannot address more. */
const LARGEST_MEMORY_BYTES = 2 ** 31;

/**
 * Instantiates QuickJS with its own memory, which grows up to a limit.
 *
 * @param mayGrow Called before the memory grows. If it returns false, QuickJS is out of memory.
 */
export function instantiateEngine(
  engine: WebAssembly.Module,
  maxMemoryBytes: number,
  mayGrow: () => boolean,
): Promise<QuickJSWASMModule> {
  // The package's types describe its CommonJS files, in which `default` is nested once more.
  const syncVariant = variant as unknown as QuickJSSyncVariant;
  // QuickJS's own memory limit does not work in WebAssembly, so the maximum is set here.
  const wasmMemory = new WebAssembly.Memory({
    initial: INITIAL_MEMORY_BYTES / WASM_PAGE_BYTES,
    maximum: Math.floor(Math.min(maxMemoryBytes, LARGEST_MEMORY_BYTES) / WASM_PAGE_BYTES),
  });
  const grow = wasmMemory.grow.bind(wasmMemory);
  wasmMemory.grow = (pages) => {
    if (!mayGrow()) throw new RangeError("Cannot grow the memory now");
    return grow(pages);
  };
  return newQuickJSWASMModuleFromVariant(
    newVariant(syncVariant, { wasmModule: engine, wasmMemory }),
  );
}
