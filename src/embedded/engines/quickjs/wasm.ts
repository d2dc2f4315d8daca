import variant from "@jitl/quickjs-wasmfile-release-sync";
import {
  type EmscriptenModuleLoader,
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSEmscriptenModule,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from "quickjs-emscripten-core";

/** The minimum that the WebAssembly module is built for. */
const INITIAL_MEMORY_BYTES = 16 << 20;

const WASM_PAGE_BYTES = 65_536;

/** WebAssembly cannot address more. */
const LARGEST_MEMORY_BYTES = 2 ** 31;

/** QuickJS has no memory for what the server asks of it. The runtime must not be used any more. */
export class OutOfMemoryError extends Error {
  override name = "OutOfMemoryError";
}

/**
 * Instantiates QuickJS with its own memory, which grows up to a limit.
 *
 * @param mayGrow Called before the memory grows for JavaScript. If it returns false, QuickJS is out
 * of memory. It is not called when the memory grows for the server, to pass a text in or out.
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
  let forServer = false;
  wasmMemory.grow = (pages) => {
    if (!forServer && !mayGrow()) throw new RangeError("Cannot grow the memory now");
    return grow(pages);
  };
  const withMemory = newVariant(syncVariant, { wasmModule: engine, wasmMemory });
  return newQuickJSWASMModuleFromVariant({
    ...withMemory,
    async importModuleLoader() {
      // Of the forms that the types allow, newVariant() makes this one.
      const load = await withMemory.importModuleLoader() as ModuleLoader;
      return async (options) => {
        const module = await withoutProcess(() => load(options));
        guardTexts(module, (work) => {
          forServer = true;
          try {
            return work();
          } finally {
            forServer = false;
          }
        });
        return module;
      };
    },
  });
}

/**
 * Hides `process` for some time. Emscripten's code takes a runtime that has it for Node.js, and loads
 * modules of Node.js, which takes as long as to create a runtime.
 */
async function withoutProcess<Result>(work: () => Promise<Result>): Promise<Result> {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, "process");
  if (descriptor === undefined) return await work();
  Object.defineProperty(globalThis, "process", { value: undefined, configurable: true });
  try {
    return await work();
  } finally {
    Object.defineProperty(globalThis, "process", descriptor);
  }
}

/** What takes memory for a text on its way in or out. */
interface TextFunctions {
  _malloc(bytes: number): number;
  _QTS_NewString(context: number, text: number): number;
  _QTS_GetString(context: number, value: number): number;
}

type ModuleLoader = EmscriptenModuleLoader<QuickJSEmscriptenModule & TextFunctions>;

/** Lets texts take memory at any time, and throws if there is none for one on its way in. */
function guardTexts(module: TextFunctions, growing: (work: () => number) => number): void {
  const { _malloc: allocate, _QTS_NewString: newString, _QTS_GetString: getString } = module;
  module._malloc = (bytes) => {
    const pointer = growing(() => allocate(bytes));
    // The library does not check this, and would write the text over what is at address 0.
    if (pointer === 0) throw new OutOfMemoryError("QuickJS has no memory for a text");
    return pointer;
  };
  module._QTS_NewString = (context, text) => growing(() => newString(context, text));
  module._QTS_GetString = (context, value) => growing(() => getString(context, value));
}
