import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten-core";
import { OutOfMemoryError } from "./wasm.ts";

/** The result of a call: the value that it returned, or the error that it threw. */
export type CallResult = ReturnType<QuickJSContext["callFunction"]>;

/** The JSON functions of a runtime, taken before any command can replace them. */
export class RuntimeJson {
  readonly #context: QuickJSContext;
  readonly #parse: QuickJSHandle;
  readonly #stringify: QuickJSHandle;

  constructor(context: QuickJSContext) {
    this.#context = context;
    this.#parse = context.unwrapResult(context.evalCode("JSON.parse"));
    this.#stringify = context.unwrapResult(context.evalCode("JSON.stringify"));
  }

  /** Parses a JSON text. */
  parse(json: string): CallResult {
    using text = this.#context.newString(json);
    return this.#context.callFunction(this.#parse, this.#context.undefined, text);
  }

  /** Returns a handle of a value's JSON text, or of undefined if the value has none. */
  stringify(
    value: QuickJSHandle,
    ...options: QuickJSHandle[]
  ): CallResult {
    return this.#context.callFunction(this.#stringify, this.#context.undefined, value, ...options);
  }

  /**
   * Returns a JSON text that {@linkcode stringify} has returned.
   *
   * @throws {OutOfMemoryError} If there is no memory to copy it.
   */
  readJson(json: QuickJSHandle): string {
    const text = this.#context.getString(json);
    // The library returns an empty text then, and JSON is never empty.
    if (text === "") throw new OutOfMemoryError("QuickJS has no memory for a JSON text");
    return text;
  }

  /** Returns a string. It is copied as JSON, because a NUL would end a string in C. */
  readString(text: QuickJSHandle): string {
    using json = this.#context.unwrapResult(this.stringify(text));
    return JSON.parse(this.readJson(json));
  }
}
