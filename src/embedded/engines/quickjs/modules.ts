import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten-core";
import { type ExceptionReport, reportException } from "../exceptions.ts";
import type { Runtime } from "./runtime.ts";
import { LoadError, type ModuleSource } from "../engine.ts";

/**
 * Checks that a module compiles, without running it.
 *
 * @throws {LoadError} If it does not. The message names the place.
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
 * @throws {LoadError} If it does not compile, throws, or awaits for ever.
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

/** Makes every `import` throw, because there are no modules to import. */
export function refuseImports(context: QuickJSContext): void {
  context.runtime.setModuleLoader(() => {
    using constructor = context.unwrapResult(context.evalCode("ReferenceError"));
    using message = context.newString(
      "JSockD doesn't allow module imports other than 'os' and 'std'",
    );
    const made = context.callFunction(constructor, context.undefined, message);
    // The library accepts a handle here and throws its value, but its type is that of Deno's
    // errors.
    return { error: (made.error ?? made.value) as unknown as Error };
  });
}

function report(runtime: Runtime, error: QuickJSHandle): ExceptionReport {
  return reportException(runtime.show(error));
}
