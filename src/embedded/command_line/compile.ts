import { loadEngine } from "../serve/engines.ts";
import type { Action } from "./arguments.ts";
import { encodeModuleFile } from "./module_file.ts";

/**
 * Checks that the engine can compile an ES module, signs it, and writes it to a file.
 *
 * @throws {LoadError} If the module does not compile. The message names the place.
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
