import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten-core";
import { type ExceptionReport, reportException } from "../exceptions.ts";
import type { Runtime } from "./runtime.ts";
import { LoadError, type ModuleSource } from "../engine.ts";

/**
 * Checks that a module compiles; runs nothing of it.
 *
 * @throws {LoadError} If it does not; the message says where.
 */
export function checkModule(runtime: Runtime, { name, text }: ModuleSource): void {
  using result = runtime.context.evalCode(text, name, { type: "module", compileOnly: true });
  if (result.error !== undefined) {
    throw new LoadError(`Cannot compile ${name}: ${report(runtime, result.error).raw}`);
  }
}

/**
 * Runs a module.
 *
 * @returns Its namespace.
 * @throws {LoadError} If it does not compile, throws, or awaits what never comes.
 */
export function loadModule(runtime: Runtime, { name, text }: ModuleSource): QuickJSHandle {
  const result = runtime.context.evalCode(text, name, { type: "module" });
  const state = result.error === undefined
    ? runtime.settle(result.value)
    : { type: "rejected" as const, error: result.error };
  if (state.type === "fulfilled") return state.value;
  const reason = state.type === "rejected"
    ? report(runtime, state.error).pretty.trim()
    : "it awaits what never comes";
  throw new LoadError(`Cannot load the module ${name}: ${reason}`);
}

/** Has every `import` fail: there is nothing to import, and no name of a module means anything. */
export function refuseModules(context: QuickJSContext): void {
  context.runtime.setModuleLoader(() => {
    using constructor = context.unwrapResult(context.evalCode("ReferenceError"));
    using message = context.newString(
      "JSockD doesn't allow module imports other than 'os' and 'std'",
    );
    const made = context.callFunction(constructor, context.undefined, message);
    // The library throws a value of the engine's as it is, though its types know only the host's.
    return { error: (made.error ?? made.value) as unknown as Error };
  });
}

function report(runtime: Runtime, error: QuickJSHandle): ExceptionReport {
  return reportException(runtime.show(error));
}
