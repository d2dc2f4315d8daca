import type {
  QuickJSContext,
  QuickJSHandle,
  VmFunctionImplementation,
} from "quickjs-emscripten-core";
import { installAtomics } from "./guest/atomics.ts";
import { installLazyGlobals } from "../guest/lazy_globals.ts";
import { WEB_STREAM_GLOBALS } from "../web_streams.ts";

/** The source name, in stack traces, of the server's own JavaScript in QuickJS. */
export const GUEST_SOURCE_NAME = "<jsockd>";

/** Evaluates the source text of a function in QuickJS. Returns the function there. */
export function evaluateGuest(
  context: QuickJSContext,
  // deno-lint-ignore ban-types -- any function: it is not called here
  guest: Function,
): QuickJSHandle {
  return context.unwrapResult(context.evalCode(`(${guest})`, GUEST_SOURCE_NAME));
}

/** Defines `Atomics`, which QuickJS lacks in WebAssembly. */
export function defineAtomics(context: QuickJSContext): void {
  callGuest(context, installAtomics);
}

/** Evaluates the source text of a function in QuickJS, and calls it there. */
export function callGuest(
  context: QuickJSContext,
  // deno-lint-ignore ban-types -- any function
  guest: Function,
  ...args: QuickJSHandle[]
): QuickJSHandle {
  using callee = evaluateGuest(context, guest);
  return context.unwrapResult(context.callFunction(callee, context.undefined, ...args));
}

/** Defines the Web Streams on first use, because the polyfill takes a few milliseconds to run. */
export function defineWebStreams(context: QuickJSContext, polyfill: string): void {
  using define = context.newFunction("define", () => context.evalCode(polyfill, GUEST_SOURCE_NAME));
  using names = context.unwrapResult(context.evalCode(JSON.stringify(WEB_STREAM_GLOBALS)));
  callGuest(context, installLazyGlobals, names, define).dispose();
}

/** Replaces QuickJS's random numbers with Deno's. */
export function defineRandom(context: QuickJSContext): void {
  using math = context.getProp(context.global, "Math");
  using value = newHostFunction(context, "random", 0, () => context.newNumber(Math.random()));
  context.defineProp(math, "random", { value, configurable: true });
}

/** Creates a function in QuickJS that calls one in Deno. `length` is its property `length`. */
export function newHostFunction(
  context: QuickJSContext,
  name: string,
  length: number,
  method: VmFunctionImplementation<QuickJSHandle>,
): QuickJSHandle {
  const made = context.newFunction(name, method);
  using value = context.newNumber(length);
  context.defineProp(made, "length", { value, configurable: true });
  return made;
}

/** Creates an object in QuickJS whose methods call functions in Deno. */
export function newHostObject(
  context: QuickJSContext,
  methods: Readonly<Record<string, VmFunctionImplementation<QuickJSHandle>>>,
): QuickJSHandle {
  const object = context.newObject();
  for (const [name, method] of Object.entries(methods)) {
    using guestMethod = context.newFunction(name, method);
    context.setProp(object, name, guestMethod);
  }
  return object;
}
