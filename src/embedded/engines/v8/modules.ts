import { delay } from "@std/async/delay";
import { constants, runInThisContext, type SourceTextModule } from "node:vm";
import { withoutWrites } from "../console.ts";
import { LoadError, type ModuleSource } from "../engine.ts";
import { type MapFrame, reportException } from "../exceptions.ts";
import type { Realm } from "./realm.ts";

/** How long the top level of a module may run. */
const MAX_LOAD_MS = 10_000;

/** Imports what no registry needs to know of: it would look for it when the package is published. */
const importUrl: (url: string) => Promise<unknown> = runInThisContext("(url) => import(url)", {
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});

/** What modules use that were not bundled for JSockD. */
const FOREIGN_GLOBALS = /^ReferenceError: (?<name>[\w$]+) is not defined/;

/**
 * Checks that a module compiles and needs no other; runs nothing of it.
 *
 * @throws {LoadError} If not; the message says where.
 */
export async function compileModule(
  realm: Realm,
  source: ModuleSource,
): Promise<SourceTextModule> {
  let module;
  try {
    module = realm.newModule(source);
  } catch (error) {
    throw new LoadError(
      `Cannot compile ${source.name}: ${withoutWrites(realm.commands.show(error)).trim()}` +
        await placeOfSyntaxError(source),
    );
  }
  await module.link((specifier) => {
    throw new LoadError(
      `Cannot load the module ${source.name}: it imports '${specifier}', and there is nothing to ` +
        "import; build it with buildModule() or 'jsockd build', which bundle",
    );
  });
  return module;
}

/**
 * Runs a module.
 *
 * @returns Its namespace.
 * @throws {LoadError} If it does not compile, throws, awaits what never comes, or runs on and on.
 */
export async function loadModule(
  realm: Realm,
  source: ModuleSource,
  mapFrame: MapFrame | undefined,
): Promise<object> {
  const module = await compileModule(realm, source);
  const refused = (reason: string) =>
    new LoadError(`Cannot load the module ${source.name}: ${reason}`);
  let settled = false;
  try {
    realm.enter(() => {
      const settle = () => settled = true;
      module.evaluate().then(settle, settle);
    }, MAX_LOAD_MS);
  } catch {
    throw refused(
      `its top level ran for more than ${MAX_LOAD_MS} ms; let it only define what commands use`,
    );
  }
  // The promise is of this realm, which is told at its next turn.
  await delay(0);
  if (!settled) throw refused("it awaits what never comes");
  if (module.status === "evaluated") return module.namespace;
  const shown = withoutWrites(realm.commands.show(module.error));
  const name = FOREIGN_GLOBALS.exec(shown)?.groups?.["name"];
  const hint = name === undefined
    ? ""
    : `\n'${name}' does not exist in JSockD, which has the globals of JavaScript, and neither ` +
      "Deno's nor Node's: pass what a command needs as its parameter";
  throw refused(reportException(shown, mapFrame).pretty.trim() + hint);
}

/**
 * Where a module does not compile, as far as that is known. V8 tells its own console alone; Deno says
 * it of a module that is imported, and of one that does not compile nothing is run.
 */
async function placeOfSyntaxError({ name, text }: ModuleSource): Promise<string> {
  try {
    await importUrl(`data:text/javascript,${encodeURIComponent(text)}`);
    return "";
  } catch (error) {
    const place = /:(\d+):(\d+)\s*$/.exec(error instanceof Error ? error.message : "");
    return place === null ? "" : `\n  at <unknown> (${name}:${place[1]}:${place[2]})`;
  }
}
