import { compileEngine } from "../engines/quickjs/wasm.ts";
import { reportException } from "../engines/exceptions.ts";
import { loadModule } from "../engines/quickjs/modules.ts";
import { Runtime } from "../engines/quickjs/runtime.ts";
import { frameMapper } from "../engines/source_map.ts";
import { readWebStreamsPolyfill } from "../engines/quickjs/web_streams.ts";
import { LoadError, MessageError } from "../engines/engine.ts";
import type { ServerFiles } from "../serve/serve.ts";

const SOURCE_NAME = "<cmdline>";

/**
 * Evaluates a script, in which the global `M` is the module.
 *
 * @returns Its value as QuickJS shows it.
 * @throws {LoadError} If it does not compile, or throws.
 */
export async function evaluate(code: string, files: ServerFiles): Promise<string> {
  const runtime = await Runtime.create({
    engine: await compileEngine(),
    webStreams: readWebStreamsPolyfill(),
    maxRuntimeUs: Infinity,
    log: (_level, message) => console.error(message),
    sendMessage: () => {
      throw new MessageError("There is no client to answer");
    },
  });
  const { context } = runtime;
  if (files.module !== undefined) {
    context.setProp(context.global, "M", loadModule(runtime, files.module));
  }
  const result = context.evalCode(code, SOURCE_NAME, { type: "global" });
  if (result.error === undefined) return runtime.show(result.value);
  const mapFrame = files.sourceMap !== undefined && files.module !== undefined
    ? frameMapper(files.sourceMap, files.module.name)
    : undefined;
  const { raw, pretty } = reportException(runtime.show(result.error), mapFrame);
  throw new LoadError(mapFrame === undefined ? raw : pretty.trim());
}

/** Reads all of stdin. */
export async function readStdin(): Promise<string> {
  return await new Response(Deno.stdin.readable).text();
}
