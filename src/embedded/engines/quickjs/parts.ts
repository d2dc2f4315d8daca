// The import only makes the package available to `import.meta.resolve`: the main thread passes QuickJS
// on to the workers, and does not run it.
import "@jitl/quickjs-wasmfile-release-sync/package.json" with { type: "json" };
import { readWebStreamsPolyfill } from "../web_streams.ts";

/** What the QuickJS engines of all workers share. It can be sent to a worker. */
export interface QuickJSParts {
  /** QuickJS as compiled WebAssembly. */
  readonly engine: WebAssembly.Module;
  /** The source text of the Web Streams polyfill. */
  readonly webStreams: string;
}

/** Loads the parts of QuickJS. All workers share its machine code. */
export async function loadQuickJSParts(): Promise<QuickJSParts> {
  const url = import.meta.resolve("npm:@jitl/quickjs-wasmfile-release-sync@^0.32.0/wasm");
  const engine = WebAssembly.compile(Deno.readFileSync(new URL(url)));
  return { engine: await engine, webStreams: readWebStreamsPolyfill() };
}
