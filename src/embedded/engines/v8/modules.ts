import { delay } from "@std/async/delay";
import { constants, runInThisContext, type SourceTextModule } from "node:vm";
import { withoutWrites } from "../console.ts";
import { LoadError, type ModuleSource } from "../engine.ts";
import { type MapFrame, reportException } from "../exceptions.ts";
import type { Realm } from "./realm.ts";

/** The time limit of a module's top level, in milliseconds. */
const MAX_LOAD_MS = 10_000;

/**
 * Imports a URL. It is compiled from text, because a registry would otherwise look for the import when
 * the package is published.
 */
const importUrl: (url: string) => Promise<unknown> = runInThisContext("(url) => import(url)", {
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});

/** The error of a module that uses a global of Deno, Node or the web. */
const UNDEFINED_GLOBAL = /^ReferenceError: (?<name>[\w$]+) is not defined/;

/**
 * Compiles a module and checks that it has no imports, without running it.
 *
 * @throws {LoadError} If it does not compile or has an import. The message names the place.
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
        await syntaxErrorPlace(source),
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
 * Runs a module and returns its namespace.
 *
 * @throws {LoadError} If it does not compile, throws, awaits a promise that never settles, or exceeds
 * the time limit.
 */
export async function loadModule(
  realm: Realm,
  source: ModuleSource,
  mapFrame: MapFrame | undefined,
): Promise<object> {
  const module = await compileModule(realm, source);
  const loadError = (reason: string) =>
    new LoadError(`Cannot load the module ${source.name}: ${reason}`);
  let settled = false;
  try {
    realm.enter(() => {
      const settle = () => settled = true;
      module.evaluate().then(settle, settle);
    }, MAX_LOAD_MS);
  } catch {
    throw loadError(
      `its top level ran for more than ${MAX_LOAD_MS} ms; let it only define what commands use`,
    );
  }
  // The promise is one of this realm, so its reactions run in the next turn of the event loop.
  await delay(0);
  if (!settled) throw loadError("it awaits what never comes");
  if (module.status === "evaluated") return module.namespace;
  const shown = withoutWrites(realm.commands.show(module.error));
  const name = UNDEFINED_GLOBAL.exec(shown)?.groups?.["name"];
  const hint = name === undefined
    ? ""
    : `\n'${name}' does not exist in JSockD, which has the globals of JavaScript, and neither ` +
      "Deno's nor Node's: pass what a command needs as its parameter";
  throw loadError(reportException(shown, mapFrame).pretty.trim() + hint);
}

/**
 * Returns the place of a module's syntax error, or an empty string if it is not known. V8 does not
 * put the place in the error. Deno puts it in the message of a failed import, and an import of a module
 * that does not compile runs no code.
 */
async function syntaxErrorPlace({ name, text }: ModuleSource): Promise<string> {
  try {
    await importUrl(`data:text/javascript,${encodeURIComponent(text)}`);
    return "";
  } catch (error) {
    const place = /:(\d+):(\d+)\s*$/.exec(error instanceof Error ? error.message : "");
    return place === null ? "" : `\n  at <unknown> (${name}:${place[1]}:${place[2]})`;
  }
}
