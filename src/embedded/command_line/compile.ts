import type { Action } from "./arguments.ts";
import { compileEngine } from "../engines/quickjs/wasm.ts";
import { encodeModuleFile } from "./module_file.ts";
import { checkModule } from "../engines/quickjs/modules.ts";
import { Runtime } from "../engines/quickjs/runtime.ts";
import { readWebStreamsPolyfill } from "../engines/quickjs/web_streams.ts";

/**
 * Compiles an ES module: checks that QuickJS understands it, and signs it.
 *
 * @throws {LoadError} If it does not compile; the message says where.
 */
export async function compile(action: Extract<Action, { type: "compile" }>): Promise<void> {
  const module = { name: action.source, text: Deno.readTextFileSync(action.source) };
  const runtime = await Runtime.create({
    engine: await compileEngine(),
    webStreams: readWebStreamsPolyfill(),
    maxRuntimeUs: Infinity,
    log: () => {},
    sendMessage: () => "null",
  });
  checkModule(runtime, module);
  if (action.privateKey === undefined) {
    console.error(
      "Warning: no key file given; the module is not signed, and no server will load it",
    );
  }
  const privateKey = action.privateKey && Deno.readTextFileSync(action.privateKey);
  Deno.writeFileSync(action.output, await encodeModuleFile(module, privateKey));
}
