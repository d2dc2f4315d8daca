import { loadEngine } from "../serve/engines.ts";
import type { Action } from "./arguments.ts";
import { encodeModuleFile } from "./module_file.ts";

/**
 * Compiles an ES module: checks that the engine understands it, and signs it.
 *
 * @throws {LoadError} If it does not compile; the message says where.
 */
export async function compile(
  { engine, source, output, privateKey }: Extract<Action, { type: "compile" }>,
): Promise<void> {
  const module = { name: source, text: Deno.readTextFileSync(source) };
  await (await loadEngine(engine)).checkModule(module);
  if (privateKey === undefined) {
    console.error(
      "Warning: no key file given; the module is not signed, and no server will load it",
    );
  }
  const key = privateKey && Deno.readTextFileSync(privateKey);
  Deno.writeFileSync(output, await encodeModuleFile(module, key));
}
