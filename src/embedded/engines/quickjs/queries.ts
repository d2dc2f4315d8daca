import type { QuickJSHandle, Scope } from "quickjs-emscripten-core";
import type { Runtime } from "./runtime.ts";

/** The name that stack traces give to queries. */
const SOURCE_NAME = "<buffer>";

/** QuickJS's flag for `await` at the top of a script; the library has no name for it. */
const EVALUATE_ASYNC = 1 << 7;

const MAX_KEPT = 1000;

/** The queries of a runtime, by their text. */
export class Queries {
  readonly #runtime: Runtime;
  readonly #toText: QuickJSHandle;
  readonly #kept = new Map<string, QuickJSHandle>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    const { context } = runtime;
    this.#toText = context.unwrapResult(context.evalCode("Function.prototype.toString"));
  }

  /** How many compiled queries are kept. */
  get kept(): number {
    return this.#kept.size;
  }

  /**
   * Evaluates a query.
   *
   * @param scope Disposes of the result, and of what is thrown.
   * @returns The value, or what was thrown; undefined for both if it awaits what never comes.
   */
  evaluate(query: string, scope: Scope): { value?: QuickJSHandle; error?: QuickJSHandle } {
    const kept = this.#kept.get(query);
    if (kept !== undefined) return { value: kept };
    const { context } = this.#runtime;
    const result = scope.manage(context.evalCode(query, SOURCE_NAME, EVALUATE_ASYNC));
    if (result.error !== undefined) return { error: result.error };
    const state = this.#runtime.settle(result.value);
    if (state.type === "pending") return {};
    if (state.type === "rejected") return { error: scope.manage(state.error) };
    // A script that may await gives its value in an object, lest a promise be awaited in turn.
    const value = scope.manage(context.getProp(scope.manage(state.value), "value"));
    if (this.#isFunctionText(query, value)) this.#keep(query, value.dup());
    return { value };
  }

  /**
   * Whether the query is a function and nothing else. It would give an equal function every time; any
   * other query may have effects, and has to be evaluated for each command.
   */
  #isFunctionText(query: string, value: QuickJSHandle): boolean {
    const { context } = this.#runtime;
    using text = context.callFunction(this.#toText, value);
    if (text.error !== undefined) return false;
    const functionText = context.getString(text.value);
    return query === functionText || query === `(${functionText})`;
  }

  #keep(query: string, value: QuickJSHandle): void {
    this.#kept.set(query, value);
    if (this.#kept.size <= MAX_KEPT) return;
    const [oldest, unused] = this.#kept.entries().next().value!;
    this.#kept.delete(oldest);
    unused.dispose();
  }
}
