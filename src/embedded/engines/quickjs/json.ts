import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten-core";

/** What came of a call: a value, or what was thrown. */
export type CallResult = ReturnType<QuickJSContext["callFunction"]>;

/** The JSON of a runtime, as it was before any other JavaScript could change it. */
export class RuntimeJson {
  readonly #context: QuickJSContext;
  readonly #parse: QuickJSHandle;
  readonly #stringify: QuickJSHandle;

  constructor(context: QuickJSContext) {
    this.#context = context;
    this.#parse = context.unwrapResult(context.evalCode("JSON.parse"));
    this.#stringify = context.unwrapResult(context.evalCode("JSON.stringify"));
  }

  /** Makes the value that a JSON text stands for. */
  parse(json: string): CallResult {
    using text = this.#context.newString(json);
    return this.#context.callFunction(this.#parse, this.#context.undefined, text);
  }

  /** Makes the JSON text of a value: a handle of a string, or of undefined if it has none. */
  stringify(
    value: QuickJSHandle,
    ...options: QuickJSHandle[]
  ): CallResult {
    return this.#context.callFunction(this.#stringify, this.#context.undefined, value, ...options);
  }

  /** Reads a string. As JSON, because a NUL would be the end of it on the way through C. */
  readString(text: QuickJSHandle): string {
    using json = this.#context.unwrapResult(this.stringify(text));
    return JSON.parse(this.#context.getString(json));
  }
}
