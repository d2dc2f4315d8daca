import type {
  QuickJSContext,
  QuickJSHandle,
  VmFunctionImplementation,
} from "quickjs-emscripten-core";
import { installAtomics } from "./guest/atomics.ts";
import { installLazyGlobals } from "../guest/lazy_globals.ts";
import { installTextCoding } from "../guest/text_coding.ts";
import { WEB_STREAM_GLOBALS } from "../web_streams.ts";

/** The name, in stack traces, of what the server itself runs inside QuickJS. */
export const GUEST_SOURCE_NAME = "<jsockd>";

/** Evaluates the source text of a function that was written for QuickJS. */
export function evaluateGuest(
  context: QuickJSContext,
  // deno-lint-ignore ban-types -- any function at all: it is not called here
  guest: Function,
): QuickJSHandle {
  return context.unwrapResult(context.evalCode(`(${guest})`, GUEST_SOURCE_NAME));
}

/** Defines `Atomics`, which QuickJS does not have in WebAssembly. */
export function defineAtomics(context: QuickJSContext): void {
  callGuest(context, installAtomics);
}

/** Calls a function that was written for QuickJS. */
export function callGuest(
  context: QuickJSContext,
  // deno-lint-ignore ban-types -- any function at all
  guest: Function,
  ...args: QuickJSHandle[]
): QuickJSHandle {
  using callee = evaluateGuest(context, guest);
  return context.unwrapResult(context.callFunction(callee, context.undefined, ...args));
}

/** Defines `TextEncoder` and `TextDecoder`, on top of the host's own. */
export function defineTextCoding(context: QuickJSContext): void {
  const encoder = new TextEncoder();
  using host = newHostObject(context, {
    encode: (json) => {
      const bytes = encoder.encode(JSON.parse(context.getString(json!)));
      return context.newArrayBuffer(bytes.buffer);
    },
    newDecoder: (label, fatal, ignoreBOM) =>
      context.newHostRef(
        new TextDecoder(context.getString(label!), {
          fatal: context.dump(fatal!),
          ignoreBOM: context.dump(ignoreBOM!),
        }),
      ).handle,
    encodingOf: (decoder) =>
      context.newString(context.unwrapHostRef<TextDecoder>(decoder!).encoding),
    decode: (decoder, bytes, stream) => {
      using view = context.getArrayBuffer(bytes!);
      const text = context.unwrapHostRef<TextDecoder>(decoder!).decode(view.value, {
        stream: context.dump(stream!),
      });
      return context.newString(JSON.stringify(text));
    },
  });
  callGuest(context, installTextCoding, host).dispose();
}

/** Defines the Web Streams, which cost a few milliseconds, when the first of them is used. */
export function defineWebStreams(context: QuickJSContext, polyfill: string): void {
  using define = context.newFunction("define", () => context.evalCode(polyfill, GUEST_SOURCE_NAME));
  using names = context.unwrapResult(context.evalCode(JSON.stringify(WEB_STREAM_GLOBALS)));
  callGuest(context, installLazyGlobals, names, define).dispose();
}

/** Makes a function that runs on the host; `length` is how many arguments it says it takes. */
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

/** Makes an object whose methods run on the host. */
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
